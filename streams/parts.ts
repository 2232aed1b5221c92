// The parts that the engine is made of, for a program that puts them together by hand: with a connection
// for each agent, a log that is watched, Lua of its own, or the cluster's nodes in view.

export { backoffMs, pause } from './consume/backoff.ts';
export { orAborted } from './consume/or-aborted.ts';
export { repeat } from './consume/repeat.ts';
export { runTogether } from './consume/run-together.ts';
export { withDeadline } from './consume/with-deadline.ts';
export { defineStreamAs } from './contract/define-stream.ts';
export type { Folding } from './contract/definition.ts';
export type { CommitOutcome, CommitRequest, EventLog, Intent } from './contract/event-log.ts';
export { faultKinds } from './contract/fault.ts';
export { assertEngineLimits, limits as engineLimits } from './contract/limits.ts';
export { ulids } from './contract/random.ts';
export type { RateAbout } from './contract/rate.ts';
export type { Wake } from './contract/tail.ts';
export type { Agent, CommandHandler } from './contract/task.ts';
export { fold, unfolded } from './handle/fold.ts';
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
export type { StoreTrouble } from './valkey/trouble.ts';
