// Timers of one kind of stream that are set and have not fired.

import { limits } from '../contract/limits.ts';
import { nowOf } from '../valkey/clock.ts';
import { orFault } from '../valkey/connection.ts';
import type { Administered } from './administered.ts';

/** A timer that waits for its moment. */
export interface SetTimer {
  readonly stream: string;
  readonly name: string;
  /** The store's clock, in ms. */
  readonly dueAt: number;
}

/** Those of one stream, the next one first. Reads all timers of its partition. Throws Fault. */
export async function timersOf({ commands, keys }: Administered, stream: string): Promise<SetTimer[]> {
  const members = await orFault(() => commands.zrange(keys.of(stream).timers, 0, -1, 'WITHSCORES'));
  return readTimers(members).filter((timer) => timer.stream === stream);
}

export interface OverdueTimer extends SetTimer {
  /** By how much it is late, in ms. */
  readonly lateMs: number;
}

/**
 * Timers that no process has fired, `lateMs` or more after their moment (a lease unless given: whatever
 * should have fired them has had the time to die and be replaced), the latest of each partition first. One
 * says that nothing runs `keepStream` or `engine.run` for this kind of stream. Throws Fault.
 */
export async function overdueTimersOf(
  { commands, keys }: Administered,
  { lateMs = limits.leaseMs }: { readonly lateMs?: number } = {},
): Promise<OverdueTimer[]> {
  const now = await nowOf(commands);
  const before = now - lateMs;
  const late = await Promise.all(
    keys.partitions.map(({ timers }) =>
      orFault(() => commands.zrangebyscore(timers, '-inf', before, 'WITHSCORES')),
    ),
  );
  return late.flatMap(readTimers).map((timer) => ({ ...timer, lateMs: now - timer.dueAt }));
}

/** Member, score, …: a member is the stream and the name, and no id has a `|`. */
function readTimers(members: readonly string[]): SetTimer[] {
  return members.flatMap((member, index) => {
    const [stream = '', ...name] = member.split('|');
    const dueAt = Number(members[index + 1]);
    return index % 2 === 0 ? [{ stream, name: name.join('|'), dueAt }] : [];
  });
}
