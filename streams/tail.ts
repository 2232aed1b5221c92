// Follows feed and answer hints by tail, without a group: every process hears every ring, and one that is
// missed is made up for by reading from the last id on. What a ring means is in the log.

import { z } from 'zod';
import { RoomCode } from '../core/ids.ts';
import { limits } from '../core/limits.ts';
import type { Ring, Tail } from '../core/ports.ts';
import { orFault, untilReady, type Valkey } from './connection.ts';
import { fieldsOf } from './fields.ts';
import { keepTrying } from './keep-trying.ts';
import type { PartitionKeys } from './keys.ts';
import type { Line } from './line.ts';

const Entries = z.array(z.tuple([z.string(), z.array(z.string())]));
const Reply = z.array(z.tuple([z.string(), Entries])).nullable();

export interface TailDeps {
  readonly commands: Valkey;
  readonly line: Line;
  readonly keys: PartitionKeys;
  /** 0..1: spreads the tries after a loss. */
  readonly chance: () => number;
}

export function createTail({ commands, line, keys, chance }: TailDeps): Tail {
  return {
    async follow(onRing, signal) {
      const unblock = () => line.end();
      signal.addEventListener('abort', unblock, { once: true });
      const last = new Map<string, string>();
      // Rooms notice a loss themselves at their next command; the tail only has to come back.
      await keepTrying(
        async (well) => {
          await Promise.all([line.ready(signal), untilReady(commands, signal)]);
          await begin(commands, keys, last);
          for (const ring of await readOn(line, last, keys)) onRing(ring);
          well();
        },
        { signal, chance },
      );
    },
  };
}

/** Where to read from: the end as it is now, or where we stopped. A stream that was emptied begins anew. */
async function begin(
  commands: Valkey,
  { feed, answers }: PartitionKeys,
  last: Map<string, string>,
): Promise<void> {
  if (last.size > 0) return;
  const newestOf = (stream: string) =>
    orFault(() => commands.xrevrange(stream, '+', '-', 'COUNT', 1)).then(([newest]) => newest?.[0] ?? '0-0');
  // Both or none: a stream that is missing here would never be followed.
  const [ofFeed, ofAnswers] = await Promise.all([newestOf(feed), newestOf(answers)]);
  last.set(feed, ofFeed).set(answers, ofAnswers);
}

async function readOn(line: Line, last: Map<string, string>, keys: PartitionKeys): Promise<Ring[]> {
  const options = ['COUNT', limits.readPageEntries];
  const wanted = { command: 'xread', options, streams: [...last.keys()], after: [...last.values()] } as const;
  await line.woken(limits.blockMs);
  const raw = await line.read(wanted, limits.blockMs);
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
    const room = RoomCode.safeParse(fieldsOf(fields)['room']);
    if (room.success) rooms.add(room.data);
  }
  return [...rooms].map((room) => ({ room, what }));
}
