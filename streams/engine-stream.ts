// What a program does with one kind of stream: writes, reads, follows, and adds the agents and projections
// that `run` of the engine then runs.

import { createHash } from 'node:crypto';
import type { Report } from './consume/report.ts';
import { createSubscriptions, type Following } from './consume/subscriptions.ts';
import type { StreamTypes } from './contract/definition.ts';
import type { CommitOutcome } from './contract/event-log.ts';
import type { Agent, Append, Context, Handled, MakeCommand, Task } from './contract/task.ts';
import type { Folded } from './handle/fold.ts';
import { readAfter } from './handle/follow.ts';
import type { OpenedStream } from './open-stream.ts';
import { type AgentOptions, keepStream, runAgent, runProjector } from './run.ts';
import { assertGroup } from './start-checks.ts';
import { newTraceparent } from './trace/traceparent.ts';

type TypeOf<S extends StreamTypes> = S['event']['type'];

/** A command, or what makes one of the stream as it stands; asked again after a conflict. */
export type CommandOf<S extends StreamTypes> = S['command'] | MakeCommand<S>;

/** What a call may say beside its command. */
export interface CallOptions<S extends StreamTypes> extends Partial<Omit<Context<S>, 'settles'>> {
  /**
   * Names what is wanted, for a sender that may send it again: the same command under it is done once for as
   * long as the stream lives, and another command under it is refused.
   */
  readonly idempotencyKey?: string;
}

/** A task whose events are those that wake the agent, and which takes commands as values, too. */
export interface EngineTask<S extends StreamTypes, T extends TypeOf<S> = TypeOf<S>>
  extends Omit<Task<S>, 'events' | 'submit'> {
  readonly events: readonly Extract<S['event'], { readonly type: T }>[];
  /** The one write path. `last`: acknowledge the entry in the same commit. */
  submit(command: CommandOf<S>, options?: { readonly last?: boolean }): Promise<Handled<S>>;
}

/** Work that a consumer group does, an entry at a time. */
export interface EngineAgent<S extends StreamTypes, T extends TypeOf<S>>
  extends Pick<AgentOptions<S>, 'beforeDeadLetter'> {
  readonly group: string;
  /** Types of events that wake it. */
  readonly wakes?: readonly T[];
  /** Names of timers that wake it; true for all. */
  readonly timers?: readonly string[] | true;
  /** Entries that it handles at once in this process; 16 unless given. */
  readonly concurrency?: number;
  /** How long `handle` may take before that counts as an exception of its own, in ms; 30,000 unless given. */
  readonly handlerMsMax?: number;
  /** Author of its events; its group unless given. */
  readonly by?: S['by'];
  handle(task: EngineTask<S, T>): Promise<void>;
}

/** A document made of each stream as it stands. */
export interface Projection<S extends StreamTypes> {
  readonly group: string;
  /**
   * Writes what is made of a stream at the head of its log; may run twice, and not for each event. `rev` of
   * `folded` orders two writes.
   */
  write(stream: S['id'], folded: Folded<S>): Promise<void>;
}

export interface EngineStream<S extends StreamTypes> {
  /** Loads, decides, commits; on a conflict decides again, bounded. Throws Fault. */
  handle(stream: S['id'], command: CommandOf<S>, options?: CallOptions<S>): Promise<Handled<S>>;
  /** The fast path: writes quiet events under guards, nothing is decided. Throws Fault. */
  append(stream: S['id'], append: Append<S>, options?: CallOptions<S>): Promise<CommitOutcome<S>>;
  /** The stream at the head of its log; `rev` is 0 where there is no log. Throws Fault. */
  load(stream: S['id']): Promise<Folded<S>>;
  /** Every event after revision `after` (default 0), oldest first. Throws Fault, UnreadableEvent. */
  read(stream: S['id'], after?: number): Promise<readonly S['event'][]>;
  /**
   * A catch-up subscription: what is there after revision `after` (default 0), then what comes, in order and
   * without a gap, until the signal, which ends it. Waits for a stream that does not exist yet, and ends
   * where it is deleted. Throws Fault `log_changed` where a failover took back what was given,
   * UnreadableEvent.
   */
  follow(stream: S['id'], following: Following): AsyncGenerator<S['event'], void>;
  /**
   * Adds an agent. @throws Error for a group that is taken, and for events that are none of this stream's.
   */
  consume<const T extends TypeOf<S> = never>(agent: EngineAgent<S, T>): void;
  /** Adds a projection. @throws Error for a group that is taken. */
  project(projection: Projection<S>): void;
  /** The parts, for who needs more: operators' work in `admin.ts` takes them. */
  readonly opened: OpenedStream<S>;
}

/** What the engine itself needs of a stream. */
export interface Staffed<S extends StreamTypes> {
  readonly stream: EngineStream<S>;
  readonly opened: OpenedStream<S>;
  run(signal: AbortSignal): readonly Promise<void>[];
}

export function createEngineStream<S extends StreamTypes>(
  opened: OpenedStream<S>,
  { name, consumer, report }: { readonly name: string; readonly consumer: string; readonly report: Report },
): Staffed<S> {
  const { definition, handler, log, telemetry } = opened;
  const running = { consumer, report };
  const groups = new Map<string, (signal: AbortSignal) => Promise<void>>();
  const subscriptions = createSubscriptions(opened, name);

  function add(
    group: string,
    work: 'agent' | 'projection',
    run: (signal: AbortSignal) => Promise<void>,
  ): void {
    refuseGroup(definition.name, group, groups);
    groups.set(group, async (signal) => {
      await opened.ready(signal);
      await assertGroup(opened, group, work);
      await run(signal);
    });
  }

  const contextOf = ({ idempotencyKey, ...given }: CallOptions<S>, asked: unknown): Context<S> => ({
    by: name,
    traceparent: telemetry.tracer.current() ?? newTraceparent(),
    ...given,
    ...(idempotencyKey === undefined ? {} : { intent: { key: idempotencyKey, content: digestOf(asked) } }),
  });

  const stream: EngineStream<S> = {
    handle: (id, command, options = {}) =>
      handler.handle(id, makerOf<S>(command), contextOf(options, command)),
    append: (id, append, options = {}) => handler.append(id, () => append, contextOf(options, append)),
    load: handler.load,
    read: (id, after = 0) => readAfter(log, id, after),
    follow: subscriptions.follow,
    consume(agent) {
      const plain = agentOf(definition.name, Object.keys(definition.schemas), agent);
      const { group, concurrency = 16, handlerMsMax = 30_000, by = group, beforeDeadLetter } = agent;
      const options = {
        ...running,
        by,
        concurrency,
        handlerMsMax,
        ...(beforeDeadLetter === undefined ? {} : { beforeDeadLetter }),
      };
      add(group, 'agent', (signal) => runAgent(opened, plain, options, signal));
    },
    project({ group, write }) {
      const work = async (id: S['id']) => write(id, await handler.load(id));
      add(group, 'projection', (signal) => runProjector(opened, { group, work }, running, signal));
    },
    opened,
  };

  return {
    stream,
    opened,
    run: (signal) =>
      groups.size === 0
        ? []
        : [...groups.values()]
            .map((run) => run(signal))
            .concat(keepStream(opened, { groups: [...groups.keys()], report }, signal)),
  };
}

/** Makes commands of a command, or of what makes one. */
export const makerOf = <S extends StreamTypes>(command: CommandOf<S>): MakeCommand<S> =>
  typeof command === 'function' ? (command as MakeCommand<S>) : () => command;

/** A command as it was sent; where it is made of the stream, its key alone says what is wanted. */
export const digestOf = (asked: unknown): string =>
  createHash('sha256')
    .update(typeof asked === 'function' ? '' : JSON.stringify(asked))
    .digest('hex');

/** @throws Error for a group that has no name for one, or is taken. */
export function refuseGroup(stream: string, group: string, taken: ReadonlyMap<string, unknown>): void {
  if (!/^[A-Za-z][\w.-]{0,63}$/.test(group)) {
    throw new Error(
      `${stream}: ${JSON.stringify(group)} is no name for a group: letters, digits, "_", "." and "-"`,
    );
  }
  if (taken.has(group))
    throw new Error(`${stream}: the group ${group} is taken: give each agent and projection its own`);
}

/** @throws Error for an agent that nothing wakes, or an event that is none of the stream's. */
export function agentOf<S extends StreamTypes, T extends TypeOf<S>>(
  stream: string,
  types: readonly string[],
  agent: EngineAgent<S, T>,
): Agent<S> {
  const { group, wakes = [], timers = [] } = agent;
  const unknown = wakes.find((type) => !types.includes(type));
  if (unknown !== undefined)
    throw new Error(`${stream}: the agent ${group} is woken by ${unknown}, which is none of its events`);
  if (wakes.length === 0 && timers !== true && timers.length === 0) {
    throw new Error(
      `${stream}: nothing wakes the agent ${group}: name events in \`wakes\` or timers in \`timers\``,
    );
  }
  const waking = new Set<TypeOf<S>>(wakes);
  return {
    group,
    wakes: waking,
    timers: timers === true ? true : new Set(timers),
    async handle(task) {
      const events = task.events.filter(isOf<S, T>(waking));
      const submit: EngineTask<S, T>['submit'] = (command, options) =>
        task.submit(makerOf<S>(command), options);
      await agent.handle({ ...task, events, submit });
    },
  };
}

const isOf =
  <S extends StreamTypes, T extends TypeOf<S>>(types: ReadonlySet<TypeOf<S>>) =>
  (event: S['event']): event is Extract<S['event'], { readonly type: T }> =>
    types.has(event.type);
