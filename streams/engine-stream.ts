// What a program does with one kind of stream: writes, reads, follows, and adds the agents and projections
// that `run` of the engine then runs.

import type { Report } from './consume/report.ts';
import { createSubscriptions } from './consume/subscriptions.ts';
import type { StreamTypes } from './contract/definition.ts';
import type { CallOptions, EngineStream } from './contract/engine.ts';
import type { Context } from './contract/task.ts';
import { digestOf } from './engine-agent.ts';
import { createGroups } from './engine-groups.ts';
import { readAfter } from './handle/follow.ts';
import type { OpenedStream } from './open-stream.ts';
import { newTraceparent } from './trace/traceparent.ts';

/** What the engine itself needs of a stream. */
export interface Staffed<S extends StreamTypes> {
  readonly stream: EngineStream<S>;
  readonly opened: OpenedStream<S>;
  run(signal: AbortSignal): readonly Promise<void>[];
  /** Whether every group that was added has handled all there is. Throws Fault. */
  isIdle(): Promise<boolean>;
}

interface StreamOptions {
  readonly name: string;
  readonly consumer: string;
  readonly report: Report;
  /** @throws Error where nothing may be written or read: the store was refused, or the engine is closed. */
  readonly assertUsable: () => void;
}

export function createEngineStream<S extends StreamTypes>(
  opened: OpenedStream<S>,
  { name, consumer, report, assertUsable }: StreamOptions,
): Staffed<S> {
  const { handler, log, telemetry } = opened;
  const groups = createGroups(opened, { consumer, report });
  const contextOf = ({ idempotencyKey, ...given }: CallOptions<S>, asked: unknown): Context<S> => ({
    by: name,
    traceparent: telemetry.tracer.current() ?? newTraceparent(),
    ...given,
    ...(idempotencyKey === undefined ? {} : { intent: { key: idempotencyKey, content: digestOf(asked) } }),
  });
  const stream: EngineStream<S> = {
    async handle(id, command, options = {}) {
      assertUsable();
      return handler.handle(id, command, contextOf(options, command));
    },
    async append(id, append, options = {}) {
      assertUsable();
      return handler.append(id, () => append, contextOf(options, append));
    },
    async load(id) {
      assertUsable();
      return handler.load(id);
    },
    async read(id, after = 0) {
      assertUsable();
      return readAfter(log, id, after);
    },
    follow: createSubscriptions(opened, name).follow,
    consume: groups.consume,
    project: groups.project,
    archive: groups.archive,
    opened,
  };
  return { stream, opened, run: groups.run, isIdle: groups.isIdle };
}
