// The log on Valkey, with the parts of a consumer around it, on a clock that is told.

import { createAttempts } from '../../../streams/consume/attempts.ts';
import { createFeed } from '../../../streams/consume/feed.ts';
import type { StreamDefinition } from '../../../streams/contract/definition.ts';
import { limits } from '../../../streams/contract/limits.ts';
import { isReservedField } from '../../../streams/contract/reserved.ts';
import { createCommandHandler } from '../../../streams/handle/command-handler.ts';
import { createEventLog } from '../../../streams/log/event-log.ts';
import { type FeedEntry, type Pointer, readFeedEntry } from '../../../streams/log/feed-entry.ts';
import type { Valkey } from '../../../streams/valkey/connection.ts';
import { fieldsOf } from '../../../streams/valkey/fields.ts';
import { callFunction } from '../../../streams/valkey/functions.ts';
import { createKeys, type PartitionKeys } from '../../../streams/valkey/keys.ts';
import type { StreamReader } from '../../../streams/valkey/stream-reader.ts';
import type { ToldClock } from '../told-clock.ts';
import type { Notes } from './notes.ts';
import { consumer, each, groups, type Side, streams } from './side.ts';

export async function valkeySide(
  commands: Valkey,
  clock: ToldClock,
  definition: StreamDefinition<Notes>,
  nextId: () => string,
): Promise<Side> {
  const keys = createKeys(definition, { cluster: false });
  const [partition] = keys.partitions;
  if (partition === undefined) throw new Error('no partition');
  const log = createEventLog(commands, keys, definition);
  const options = { definition, commands, keys: partition, consumer, reader: askingReader(commands) };
  const feeds = each(groups, (group) => createFeed({ ...options, group }));
  const attempts = each(groups, (group) => createAttempts({ commands, keys: partition, group, consumer }));
  await Promise.all(Object.values(feeds).map((feed) => feed.open()));
  // What was read of the feed stays as it is; only what is new is read.
  const known: Pointer<Notes>[] = [];
  let reading = Promise.resolve();
  return {
    log,
    handler: createCommandHandler(log, definition, nextId),
    tell: clock.tell,
    take: async (group, count) => readable((await feeds[group]?.read(count, 0)) ?? []),
    ack: async (group, ids) => feeds[group]?.ack(ids),
    attempts: (group) => attempts[group] as NonNullable<(typeof attempts)[string]>,
    async fire() {
      const args = [limits.timersFiredMax, definition.idField];
      for (let fired: number = limits.timersFiredMax; fired === limits.timersFiredMax; ) {
        const names = [partition.timers, partition.feed, partition.timerNames];
        const reply = (await callFunction(commands, 'fire', names, args)) as readonly [number, number];
        fired = reply[0];
      }
    },
    feed() {
      reading = reading.then(async () => {
        const after = known.at(-1)?.id;
        const entries = await commands.xrange(partition.feed, after === undefined ? '-' : `(${after}`, '+');
        known.push(...readable(entries.map((entry) => readFeedEntry(definition, entry))));
      });
      return reading.then(() => known);
    },
    async kept() {
      const { timers, pending, deadLetters } = await keptIn(commands, partition);
      const [meta, secrets] = await Promise.all([
        Promise.all(streams.map((stream) => commands.hgetall(keys.of(stream).meta))),
        Promise.all(streams.map((stream) => commands.hgetall(keys.of(stream).tokens))),
      ]);
      const of = <T>(all: readonly T[]) =>
        Object.fromEntries(streams.map((name, at) => [name, all[at] as T]));
      return { meta: of(meta.map(withoutOwn)), secrets: of(secrets), timers, pending, deadLetters };
    },
  };
}

async function keptIn(commands: Valkey, { timers, timerNames, feed, dead }: PartitionKeys) {
  const [scores, names, letters, ...held] = await Promise.all([
    commands.zrange(timers, 0, -1, 'WITHSCORES'),
    commands.zrange(timerNames, 0, -1),
    commands.xrange(dead, '-', '+'),
    ...groups.map((group) => commands.xpending(feed, group, '-', '+', 10_000)),
  ]);
  const due = scores.flatMap((name, at) => (at % 2 === 0 ? [[name, Number(scores[at + 1])] as const] : []));
  const members = due.map(([name]) => name).sort();
  if (members.join() !== [...names].sort().join()) throw new Error('timers and their names have come apart');
  const idsOf = (entries: unknown) => (entries as readonly (readonly [string])[]).map(([id]) => id);
  return {
    timers: Object.fromEntries(due),
    pending: Object.fromEntries(groups.map((group, at) => [group, idsOf(held[at])])),
    deadLetters: letters.map(([, fields]) => fieldsOf(fields)),
  };
}

/** Where a stream stands is told by its port. */
const withoutOwn = (meta: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(meta).filter(([name]) => !isReservedField(name)));

function readable(entries: readonly FeedEntry<Notes>[]): readonly Pointer<Notes>[] {
  return entries.map((entry) => {
    if ('unreadable' in entry) throw new Error(`an entry cannot be read: ${entry.unreadable}`);
    return entry;
  });
}

/** Asks at once, and waits for nothing. */
const askingReader = (commands: Valkey): StreamReader => ({
  ready: async () => undefined,
  woken: async () => undefined,
  read: ({ command, options, streams: names, after }) =>
    commands.call(command, ...options, 'STREAMS', ...names, ...after),
  end: () => undefined,
});
