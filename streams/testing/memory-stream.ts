// One kind of stream of the engine in memory: what a test writes and reads, and the groups that take its
// feed.

import { checked } from '../check/checked.ts';
import type { Report } from '../consume/report.ts';
import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import type { CallOptions, EngineStream } from '../contract/engine.ts';
import type { Context } from '../contract/task.ts';
import { agentOf, digestOf, refuseGroup } from '../engine-agent.ts';
import { createCommandHandler } from '../handle/command-handler.ts';
import { readAfter } from '../handle/follow.ts';
import { newTraceparent } from '../trace/traceparent.ts';
import type { Clock } from './clock.ts';
import type { DeadLetter } from './memory-attempts.ts';
import { createMemoryGroup, type Host, type MemoryGroup } from './memory-group.ts';
import { createMemoryLog, type MemoryLog } from './memory-log.ts';
import { steppedLog } from './stepped-log.ts';

/** A kind of stream, as a program has it of `createEngine`; nothing runs until the test says so. */
export interface MemoryStream<S extends StreamTypes>
  extends Omit<EngineStream<S>, 'follow' | 'opened' | 'archive'> {
  readonly log: MemoryLog<S>;
  /** What could not be handled, field by field: `reason`, `group`, `message`, … */
  readonly deadLetters: readonly DeadLetter[];
}

export interface Kind<S extends StreamTypes> {
  readonly given: StreamDefinition<S>;
  readonly stream: MemoryStream<S>;
  readonly groups: (() => Promise<boolean>)[];
  /** A new process knows nothing of what the last one had folded. */
  begin(): void;
}

interface KindOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly report: Report;
  readonly host: Host;
}

export function createKind<S extends StreamTypes>(
  given: StreamDefinition<S>,
  { name, clock, report, host }: KindOptions,
): Kind<S> {
  const definition = checked(given);
  const memory = createMemoryLog(definition, clock);
  const log = steppedLog(memory);
  let ids = 0;
  const nextId = () => `event-${++ids}`;
  const newHandler = () => createCommandHandler(log, definition, nextId);
  let handler = newHandler();
  const groups = new Map<string, () => Promise<boolean>>();
  const deadLetters: DeadLetter[] = [];
  const list: (() => Promise<boolean>)[] = [];

  function add(
    group: Pick<MemoryGroup<S>, 'agent' | 'by' | 'handlerMsMax'> &
      Partial<Pick<MemoryGroup<S>, 'beforeDeadLetter'>>,
  ): void {
    refuseGroup(definition.name, group.agent.group, groups);
    const shared = { definition, memory, log, handler: () => handler, host, report, deadLetters };
    const next = createMemoryGroup({ beforeDeadLetter: async () => undefined, ...shared, ...group });
    groups.set(group.agent.group, next);
    list.push(next);
  }

  const contextOf = createContexts<S>(name);
  const stream: MemoryStream<S> = {
    handle: (id, command, options = {}) => handler.handle(id, command, contextOf(options, command)),
    append: (id, append, options = {}) => handler.append(id, () => append, contextOf(options, append)),
    load: (id) => handler.load(id),
    read: (id, after = 0) => readAfter(log, id, after),
    consume(agent) {
      const { group, handlerMsMax = 30_000, by = group, beforeDeadLetter } = agent;
      const plain = agentOf(definition.name, Object.keys(definition.schemas), agent);
      add({
        agent: plain,
        by,
        handlerMsMax,
        ...(beforeDeadLetter === undefined ? {} : { beforeDeadLetter }),
      });
    },
    project({ group, write }) {
      const wakes = new Set<S['event']['type']>(Object.keys(definition.schemas));
      const handle: MemoryGroup<S>['agent']['handle'] = async (task) => write(task.stream, await task.load());
      add({ agent: { group, wakes, timers: false, handle }, by: group, handlerMsMax: 30_000 });
    },
    log: memory,
    deadLetters,
  };

  return {
    given,
    stream,
    groups: list,
    begin() {
      handler = newHandler();
    },
  };
}

/** Who asks, and whether it may come again: as the engine says it of a call. */
const createContexts =
  <S extends StreamTypes>(name: string) =>
  ({ idempotencyKey, ...rest }: CallOptions<S>, asked: unknown): Context<S> => ({
    by: name,
    traceparent: newTraceparent(),
    ...rest,
    ...(idempotencyKey === undefined ? {} : { intent: { key: idempotencyKey, content: digestOf(asked) } }),
  });
