// What the engine offers: everybody outside `streams/` imports this file, `admin.ts` for operators' work, or
// `testing.ts`.

export { checked } from './check/checked.ts';
export { backoffMs, pause } from './consume/backoff.ts';
export { orAborted } from './consume/or-aborted.ts';
export { repeat } from './consume/repeat.ts';
export { type Report, silentReport, warnOnly } from './consume/report.ts';
export { runTogether } from './consume/run-together.ts';
export type { Following } from './consume/subscriptions.ts';
export { withDeadline } from './consume/with-deadline.ts';
export { defineStream, defineStreamAs } from './contract/define-stream.ts';
export type { Folding, StreamDefinition, StreamTypes } from './contract/definition.ts';
export type {
  CallOptions,
  CommandOf,
  EngineAgent,
  EngineStream,
  EngineTask,
  Projection,
} from './contract/engine.ts';
export { UnreadableEvent } from './contract/envelope.ts';
export type { CommitOutcome, CommitRequest, EventLog, Intent } from './contract/event-log.ts';
export { Fault, faultKinds, isAway } from './contract/fault.ts';
export { assertEngineLimits, limits as engineLimits } from './contract/limits.ts';
export type { Rate, RateAbout } from './contract/rate.ts';
export type { Wake } from './contract/tail.ts';
export type { Agent, CommandHandler, Context, Handled, OutsideCall, Task } from './contract/task.ts';
export { createEngine, type Engine, type EngineOptions } from './create-engine.ts';
export { type Folded, fold, unfolded } from './handle/fold.ts';
export { follow, readAfter } from './handle/follow.ts';
export type { Pointer } from './log/feed-entry.ts';
export { type OpenedStream, openStream } from './open-stream.ts';
export {
  followAll,
  keepStream,
  type RetentionOptions,
  type Running,
  runAgent,
  runProjector,
  runRetention,
} from './run.ts';
export { engineInstruments, type Instrument, type Instruments, quick, slow } from './trace/instruments.ts';
export type {
  Attributes,
  FinishedSpan,
  Labels,
  Meter,
  Span,
  SpanStart,
  Telemetry,
  Tracer,
} from './trace/telemetry.ts';
export { noTelemetry, noTracer } from './trace/telemetry.ts';
export { childOf, newTraceparent, strangeContext, traceIdOf } from './trace/traceparent.ts';
export { dayMs, dayOf, nowOf } from './valkey/clock.ts';
export { type NodeKey, nodeKeyOf, primariesOf, primaryOf, slotCount } from './valkey/cluster.ts';
export {
  asFault,
  awayOr,
  connect,
  connectOnce,
  isCluster,
  isOutside,
  orFault,
  type Pipeline,
  untilReady,
  type Valkey,
  type ValkeyCluster,
  type ValkeyNode,
} from './valkey/connection.ts';
export { fieldsOf } from './valkey/fields.ts';
export { defineLibrary } from './valkey/functions.ts';
export { createKeys, type Keys, type PartitionKeys, type StreamKeys } from './valkey/keys.ts';
export { greetingOf, infoOf, orNotTold } from './valkey/server-info.ts';
export { openStore, type Store } from './valkey/store.ts';
export type { StoreTrouble } from './valkey/trouble.ts';
