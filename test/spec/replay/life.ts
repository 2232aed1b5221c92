// One life of a process: the engine's own loop of a consumer, with its runner of entries, its write path and
// its functions of the store, on a line that holds each of its calls.

import { runConsumer } from '../../../streams/consume/consumer.ts';
import { createExclusion } from '../../../streams/consume/exclusion.ts';
import { createFeed } from '../../../streams/consume/feed.ts';
import { createSemaphore } from '../../../streams/consume/semaphore.ts';
import type { StreamDefinition } from '../../../streams/contract/definition.ts';
import type { EventLog } from '../../../streams/contract/event-log.ts';
import { limits } from '../../../streams/contract/limits.ts';
import type { Task } from '../../../streams/contract/task.ts';
import { createCommandHandler } from '../../../streams/handle/command-handler.ts';
import { createEventLog } from '../../../streams/log/event-log.ts';
import { noTelemetry } from '../../../streams/trace/telemetry.ts';
import type { Valkey } from '../../../streams/valkey/connection.ts';
import type { Keys, PartitionKeys } from '../../../streams/valkey/keys.ts';
import { wokenReader } from '../../../streams/valkey/stream-reader.ts';
import type { Answering } from './answering.ts';
import { createLine, type Line } from './line.ts';

export interface Life {
  readonly line: Line;
  /** What the engine does by itself every third of a lease. */
  readonly renew: () => void;
  /** Rejects for a bug alone. */
  readonly ended: Promise<void>;
}

export interface Beginning {
  readonly store: Valkey;
  readonly definition: StreamDefinition<Answering>;
  readonly keys: Keys;
  readonly partition: PartitionKeys;
  readonly group: string;
  /** The same in every life of a process. */
  readonly consumer: string;
  /** Lays a mistake over the log, to see it found. */
  readonly mistaken?: Mistaken;
}

/** A log with a mistake; `ack` acknowledges an entry by itself. */
export type Mistaken = (
  log: EventLog<Answering>,
  ack: (entryId: string) => Promise<unknown>,
) => EventLog<Answering>;

const nothing = () => undefined;
const soon = async () => undefined;
// Reads ask at once, and wait for nothing.
const unheard = { listen: nothing, heard: () => 0, wait: soon, close: nothing };

export function beginLife(beginning: Beginning): Life {
  const { store, definition, keys, partition, group, consumer, mistaken = (own) => own } = beginning;
  const line = createLine(store);
  const { commands } = line;
  const ack = (id: string) => commands.xack(partition.feed, group, id);
  const log = mistaken(createEventLog(commands, keys, definition), ack);
  const reader = wokenReader(commands, unheard, partition.feed);
  const about = { definition, commands, keys: partition, group, consumer };
  let now = 0;
  const agent = { group, wakes: new Set(['Asked'] as const), timers: false, handle: handleOn(line) };
  const given = {
    ...about,
    agent,
    by: group,
    feed: createFeed({ ...about, reader }),
    exclusion: createExclusion(),
    log,
    handler: createCommandHandler(log, definition),
    chance: () => 0,
    // Every turn of its loop looks for entries that were left.
    clock: () => {
      now += limits.leaseMs;
      return now;
    },
    report: nothing,
    telemetry: noTelemetry,
    beforeDeadLetter: soon,
    semaphore: createSemaphore(1),
    handlerMsMax: 600_000,
    wait: soon,
  };
  const { result: ended, every } = withIntervals(() => runConsumer(given, new AbortController().signal));
  const renew = () => {
    for (const work of every) work();
  };
  return { line, ended, renew };
}

/** Each decision waits for the run: it may be that the handler throws. */
const handleOn =
  (line: Line) =>
  async ({ events: [asked], signal, submit }: Task<Answering>): Promise<void> => {
    const decided = async () => {
      await line.hold('handler', signal);
      if (asked?.type !== 'Asked') throw new Error('woken by what wakes nobody');
      return { answer: asked.data.command };
    };
    await submit(decided, { last: true });
  };

/** Runs what sets intervals, and keeps these: the run says when a third of a lease is over. */
function withIntervals<T>(work: () => T): { result: T; every: readonly (() => void)[] } {
  const every: (() => void)[] = [];
  const original = globalThis.setInterval;
  globalThis.setInterval = ((callback: () => void) => {
    every.push(callback);
  }) as unknown as typeof setInterval;
  try {
    return { result: work(), every };
  } finally {
    globalThis.setInterval = original;
  }
}
