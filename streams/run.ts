// What runs on an opened stream until it is told to end: agents, projections, timers and housekeeping, and
// tails without a group. One loop for each partition; on one Valkey there is one.

import { runBatchConsumer } from './consume/batch-consumer.ts';
import { runConsumer } from './consume/consumer.ts';
import { createExclusion } from './consume/exclusion.ts';
import { createFeed } from './consume/feed.ts';
import { keepHouse } from './consume/housekeeping.ts';
import { createRateLimiter } from './consume/rate.ts';
import type { Report } from './consume/report.ts';
import { type Archive, retentionAgent } from './consume/retention.ts';
import { runTogether } from './consume/run-together.ts';
import { createSemaphore } from './consume/semaphore.ts';
import { createTail } from './consume/tail.ts';
import { fireTimers } from './consume/timers.ts';
import type { StreamTypes } from './contract/definition.ts';
import { limits } from './contract/limits.ts';
import { type Rate, refuseWrongRate } from './contract/rate.ts';
import { refuseReservedGroup, retentionGroup } from './contract/reserved.ts';
import type { Tail } from './contract/tail.ts';
import type { Agent } from './contract/task.ts';
import type { Pointer } from './log/feed-entry.ts';
import type { OpenedStream } from './open-stream.ts';
import { tellEvents } from './trace/event-spans.ts';
import { createDeleteStream } from './valkey/delete-stream.ts';

/** What all loops have in common. */
export interface Running {
  /** Stable in every life of a process: it finds what it left behind under its name. */
  readonly consumer: string;
  readonly report: Report;
  /** 0..1: spreads tries after a loss. */
  readonly chance?: () => number;
}

export interface AgentOptions<S extends StreamTypes> extends Running {
  /** Who its events are by. */
  readonly by: S['by'];
  /** How many entries it handles at once, over all partitions. */
  readonly concurrency: number;
  /** How long a handler may take before that counts as an exception of its own, in ms. */
  readonly handlerMsMax: number;
  /** How often it may start; as often as it likes unless given. */
  readonly rate?: Rate<S>;
  /** Called before an entry becomes a dead letter; may be called again for the same one. */
  readonly beforeDeadLetter?: (pointer: Pointer<S>) => Promise<void>;
}

/**
 * Runs an agent until the signal, then drains. Rejects only for a bug.
 * @throws Error for a group that is the engine's own, and for a rate that is none.
 */
export function runAgent<S extends StreamTypes>(
  opened: OpenedStream<S>,
  agent: Agent<S>,
  options: AgentOptions<S>,
  signal: AbortSignal,
): Promise<void> {
  refuseReservedGroup(agent.group);
  refuseWrongRate(agent.group, options.rate);
  return runGroup(opened, agent, options, signal);
}

export interface RetentionOptions<S extends StreamTypes> extends Running {
  /** Keeps a stream elsewhere before it leaves; without it streams leave unread. */
  readonly archive?: Archive<S>;
  /** Groups that must have handled everything of a stream, although they may not have begun yet. */
  readonly groups: readonly string[];
  /** How many streams leave at once, over all partitions; `limits.retentionAtOnce` unless said. */
  readonly concurrency?: number;
  /** How long an archive may take before that counts as a rejection, in ms; a minute unless said. */
  readonly archiveMsMax?: number;
}

/**
 * Takes streams out of the store that have ended, as the definition's `retention` says, until the signal;
 * then drains. Any number of processes may do so at once. Each stream is given to `archive` whole, at least
 * once, and leaves in one step with everything that is kept under its id, its timers included: if nothing was
 * written since, and once every group has handled everything of it. A group that lags, is paused or was left
 * behind keeps it. Streams that ended before the definition had a retention stay. Rejects only for a bug.
 * @throws Error for a definition without retention.
 */
export function runRetention<S extends StreamTypes>(
  opened: OpenedStream<S>,
  options: RetentionOptions<S>,
  signal: AbortSignal,
): Promise<void> {
  const { archive = null, groups, concurrency = limits.retentionAtOnce, archiveMsMax = 60_000 } = options;
  const { definition, commands, keys, log } = opened;
  const deleteStream = createDeleteStream(commands, keys, definition);
  const agent = retentionAgent({ definition, log, archive, groups, deleteStream });
  // It writes no events, so `by` names no author of any.
  const asAgent = { ...options, by: retentionGroup as S['by'], concurrency, handlerMsMax: archiveMsMax };
  return runGroup(opened, agent, asAgent, signal);
}

function runGroup<S extends StreamTypes>(
  opened: OpenedStream<S>,
  agent: Agent<S>,
  options: AgentOptions<S>,
  signal: AbortSignal,
): Promise<void> {
  const {
    concurrency,
    rate,
    beforeDeadLetter = async () => undefined,
    chance = Math.random,
    ...rest
  } = options;
  const { definition, store, commands, keys, log, handler, telemetry } = opened;
  const { group } = agent;
  const shared = {
    ...rest,
    definition,
    agent,
    group,
    commands,
    log,
    handler,
    telemetry,
    beforeDeadLetter,
    chance,
    rate:
      rate === undefined
        ? null
        : createRateLimiter({ name: definition.name, group, rate, commands, report: rest.report, chance }),
    exclusion: createExclusion(),
    semaphore: createSemaphore(concurrency),
    clock: Date.now,
  };
  return runTogether(signal, (until) =>
    keys.partitions.map((partition) => {
      const reader = store.reader(partition, commands, `arena-${group}-feed`);
      const { consumer } = rest;
      const feed = createFeed({ definition, reader, commands, keys: partition, group, consumer });
      return runConsumer({ ...shared, keys: partition, feed }, until).finally(reader.end);
    }),
  );
}

/**
 * Runs a group that does the same for all entries of a stream at once, such as a projector: `work` brings
 * everything about a stream up to the head of its log, and may run twice. It tells the spans of events, too,
 * since its entries stay until they are out.
 * @throws Error for a group that is the engine's own.
 */
export function runProjector<S extends StreamTypes>(
  { definition, store, commands, keys, log, telemetry }: OpenedStream<S>,
  { group, work }: { readonly group: string; readonly work: (stream: S['id']) => Promise<void> },
  { consumer, report, chance = Math.random }: Running,
  signal: AbortSignal,
): Promise<void> {
  refuseReservedGroup(group);
  const tell = tellEvents(log, definition, { tracer: telemetry.tracer, group });
  const shared = {
    definition,
    commands,
    group,
    consumer,
    telemetry,
    work: async (stream: S['id'], entries: readonly Pointer<S>[]) => {
      await work(stream);
      await tell(stream, entries);
    },
    chance,
    clock: Date.now,
    report,
  };
  return runTogether(signal, (until) =>
    keys.partitions.map((partition) => {
      const reader = store.reader(partition, commands, `arena-${group}-feed`);
      const feed = createFeed({ definition, reader, commands, keys: partition, group, consumer });
      return runBatchConsumer({ ...shared, keys: partition, feed }, until).finally(reader.end);
    }),
  );
}

/**
 * Fires timers and deletes what every group has handled. Any number of processes may do so at once, and one
 * at least must. `groups`: those without which nothing is deleted, since they may not have begun yet.
 */
export function keepStream<S extends StreamTypes>(
  { definition: { idField, retention }, store, commands, keys }: OpenedStream<S>,
  {
    groups: given,
    report,
    chance = Math.random,
  }: Omit<Running, 'consumer'> & { readonly groups: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  const groups = retention === null ? given : [...given, retentionGroup];
  return runTogether(signal, (until) =>
    keys.partitions.flatMap((partition) => [
      fireTimers(commands, partition, { idField, idle: store.idle(partition), signal: until, chance }),
      keepHouse(commands, partition, { idField, groups, signal: until, report }),
    ]),
  );
}

export interface FollowOptions {
  /** Of the connection, in CLIENT LIST. */
  readonly name: string;
  readonly chance?: () => number;
  readonly signal: AbortSignal;
  /** Told for each partition when everything that is written there from then on will be heard of. */
  readonly onBegun?: () => void;
}

/** Follows every stream of a kind without a group, until the signal. */
export function followAll<S extends StreamTypes>(
  { definition, store, commands, keys }: OpenedStream<S>,
  onWake: Parameters<Tail<S>['follow']>[0],
  { name, chance = Math.random, signal, onBegun }: FollowOptions,
): readonly Promise<void>[] {
  return keys.partitions.map((partition) => {
    const reader = store.reader(partition, commands, name);
    const begun = onBegun === undefined ? {} : { onBegun };
    const tail = createTail({ definition, commands, reader, keys: partition, chance, ...begun });
    return tail.follow(onWake, signal).finally(reader.end);
  });
}
