// Follows feed and hints by tail, without a group: every process hears of everything, and what is missed is
// made up for by reading from the last id on. What was written is in the log.

import { z } from 'zod';
import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import { limits } from '../contract/limits.ts';
import type { Tail, Wake } from '../contract/tail.ts';
import { orFault, untilReady, type Valkey } from '../valkey/connection.ts';
import { fieldsOf } from '../valkey/fields.ts';
import type { PartitionKeys } from '../valkey/keys.ts';
import type { StreamReader } from '../valkey/stream-reader.ts';
import { keepTrying } from './keep-trying.ts';

const Entries = z.array(z.tuple([z.string(), z.array(z.string())]));
const Reply = z.array(z.tuple([z.string(), Entries])).nullable();

export interface TailDeps<S extends StreamTypes> {
  readonly definition: StreamDefinition<S>;
  readonly commands: Valkey;
  readonly reader: StreamReader;
  readonly keys: PartitionKeys;
  /** 0..1: spreads the tries after a loss. */
  readonly chance: () => number;
  /** Told once, when everything that is written from then on will be heard of. */
  readonly onBegun?: () => void;
}

export function createTail<S extends StreamTypes>({
  definition,
  commands,
  reader,
  keys,
  chance,
  onBegun = () => undefined,
}: TailDeps<S>): Tail<S> {
  return {
    async follow(onWake, signal) {
      const unblock = () => reader.end();
      signal.addEventListener('abort', unblock, { once: true });
      const last = new Map<string, string>();
      // Others notice a loss themselves at their next command; the tail only has to come back.
      await keepTrying(
        async (well) => {
          await Promise.all([reader.ready(signal), untilReady(commands, signal)]);
          if (last.size === 0) {
            await begin(commands, keys, last);
            onBegun();
          }
          for (const wake of await readOn(definition, { reader, last, keys })) onWake(wake);
          well();
        },
        { signal, chance },
      );
    },
  };
}

/** Where to read from: the end as it is now. */
async function begin(
  commands: Valkey,
  { feed, hints }: PartitionKeys,
  last: Map<string, string>,
): Promise<void> {
  const newestOf = (stream: string) =>
    orFault(() => commands.xrevrange(stream, '+', '-', 'COUNT', 1)).then(([newest]) => newest?.[0] ?? '0-0');
  // Both or none: a stream that is missing here would never be followed.
  const [ofFeed, ofHints] = await Promise.all([newestOf(feed), newestOf(hints)]);
  last.set(feed, ofFeed).set(hints, ofHints);
}

interface Reading {
  readonly reader: StreamReader;
  readonly last: Map<string, string>;
  readonly keys: PartitionKeys;
}

async function readOn<S extends StreamTypes>(
  definition: StreamDefinition<S>,
  { reader, last, keys }: Reading,
): Promise<Wake<S>[]> {
  const options = ['COUNT', limits.readPageEntries];
  const wanted = { command: 'xread', options, streams: [...last.keys()], after: [...last.values()] } as const;
  await reader.woken(limits.blockMs);
  const raw = await reader.read(wanted, limits.blockMs);
  return (Reply.parse(raw) ?? []).flatMap(([name, entries]) => {
    const newest = entries.at(-1);
    if (newest !== undefined) last.set(name, newest[0]);
    return wakesOf(definition, entries, name === keys.hints ? 'quiet' : 'events');
  });
}

/** One for each stream, however many entries it has. */
function wakesOf<S extends StreamTypes>(
  { idField, parseId }: StreamDefinition<S>,
  entries: z.infer<typeof Entries>,
  what: Wake['what'],
): Wake<S>[] {
  const streams = new Set<S['id']>();
  for (const [, fields] of entries) {
    const stream = parseId(fieldsOf(fields)[idField] ?? '');
    if (stream !== null) streams.add(stream);
  }
  return [...streams].map((stream) => ({ stream, what }));
}
