// Follows feed and answer hints by tail, without a group: every process hears every ring, and one that is
// missed is made up for by reading from the last id on. What a ring means is in the log.

import { z } from 'zod';
import { RoomCode } from '../core/ids.ts';
import { limits } from '../core/limits.ts';
import { isAway, type Ring, type Tail } from '../core/ports.ts';
import { backoffMs, pause } from './backoff.ts';
import { asFault, untilReady, type Valkey } from './connection.ts';
import type { PartitionKeys } from './keys.ts';

const Entries = z.array(z.tuple([z.string(), z.array(z.string())]));
const Reply = z.array(z.tuple([z.string(), Entries])).nullable();

/** `blocking` is for this tail alone. `chance` (0..1) spreads the tries after a loss. */
export function createTail(blocking: Valkey, keys: PartitionKeys, chance: () => number): Tail {
  return {
    async follow(onRing, signal) {
      const unblock = () => blocking.disconnect();
      signal.addEventListener('abort', unblock, { once: true });
      const last = new Map<string, string>();
      for (let failures = 0; !signal.aborted; ) {
        try {
          await untilReady(blocking, signal);
          await begin(blocking, keys, last);
          for (const ring of await readOn(blocking, last, keys)) onRing(ring);
          failures = 0;
        } catch (error) {
          if (signal.aborted) return;
          if (!isAway(error)) throw error;
          // Rooms notice the loss themselves at their next command; the tail only has to come back.
          failures += 1;
          await pause(backoffMs(failures, chance()), signal).catch(() => undefined);
        }
      }
    },
  };
}

/** Where to read from: the end as it is now, or where we stopped. A stream that was emptied begins anew. */
async function begin(
  blocking: Valkey,
  { feed, answers }: PartitionKeys,
  last: Map<string, string>,
): Promise<void> {
  if (last.size > 0) return;
  for (const stream of [feed, answers]) {
    const [newest] = await blocking.xrevrange(stream, '+', '-', 'COUNT', 1).catch((error: unknown) => {
      throw asFault(error);
    });
    last.set(stream, newest?.[0] ?? '0-0');
  }
}

async function readOn(blocking: Valkey, last: Map<string, string>, keys: PartitionKeys): Promise<Ring[]> {
  const streams = [...last.keys()];
  const options = ['COUNT', limits.readPageEntries, 'BLOCK', limits.blockMs, 'STREAMS'];
  let raw: unknown;
  try {
    raw = await blocking.call('XREAD', ...options, ...streams, ...last.values());
  } catch (error) {
    throw asFault(error);
  }
  return (Reply.parse(raw) ?? []).flatMap(([stream, entries]) => {
    const newest = entries.at(-1);
    if (newest !== undefined) last.set(stream, newest[0]);
    return ringsOf(entries, stream === keys.answers ? 'answers' : 'events');
  });
}

/** One ring for each room, however many entries it has. */
function ringsOf(entries: z.infer<typeof Entries>, what: Ring['what']): Ring[] {
  const rooms = new Set<RoomCode>();
  for (const [, fields] of entries) {
    const at = fields.indexOf('room');
    const room = RoomCode.safeParse(at < 0 ? null : fields[at + 1]);
    if (room.success) rooms.add(room.data);
  }
  return [...rooms].map((room) => ({ room, what }));
}
