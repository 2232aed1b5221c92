// Rooms that should have moved on and have not: a question past its last moment, a round without its result,
// a next question that is overdue. Found by the timers that nobody has rung.

import { overdueTimersOf } from '../../streams/admin.ts';
import { administered, type Operator } from './operator.ts';

export interface Stuck {
  readonly room: string;
  /** Name of the timer that nobody has rung, and by how much it is late, in ms. */
  readonly timer: string;
  readonly lateMs: number;
}

/**
 * Rooms with a timer that is late by more than a lease: whoever should have acted has had the time to die and
 * be replaced. A room waits for nothing else that is not a person.
 */
export async function stuckRooms(operator: Operator): Promise<Stuck[]> {
  const worst = new Map<string, Stuck>();
  for (const { stream: room, name: timer, lateMs } of await overdueTimersOf(administered(operator))) {
    // Sorted by moment, so the first of a room is its latest by far.
    if (!worst.has(room)) worst.set(room, { room, timer, lateMs });
  }
  return [...worst.values()];
}
