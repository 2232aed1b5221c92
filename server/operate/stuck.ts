// Rooms that should have moved on and have not: a question past its last moment, a round without its result,
// a next question that is overdue. Found by the timers that nobody has rung.

import { engineLimits } from '../../streams/parts.ts';
import type { Operator } from './operator.ts';

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
export async function stuckRooms({ connection, keys, log }: Operator): Promise<Stuck[]> {
  const now = await log.now(null);
  const before = now - engineLimits.leaseMs;
  const late = await Promise.all(
    keys.partitions.map(({ timers }) => connection.zrangebyscore(timers, '-inf', before, 'WITHSCORES')),
  );
  const worst = new Map<string, Stuck>();
  for (const members of late) {
    for (let at = 0; at < members.length; at += 2) {
      const [room = '', ...name] = (members[at] ?? '').split('|');
      const stuck = { room, timer: name.join('|'), lateMs: now - Number(members[at + 1]) };
      // Sorted by moment, so the first of a room is its latest by far.
      if (!worst.has(room)) worst.set(room, stuck);
    }
  }
  return [...worst.values()];
}
