// What a program that uses the engine imports. Beside it stand `admin.ts` for operators' work, `testing.ts`
// for tests, and `parts.ts` for a program that puts the engine together by hand.

export { checked } from './check/checked.ts';
export { type Report, silentReport, warnOnly } from './consume/report.ts';
export type { Archive } from './consume/retention.ts';
export type { Following } from './consume/subscriptions.ts';
export { defineStream, type PlainTypes } from './contract/define-stream.ts';
export type { StreamDefinition, StreamTypes, TypesOf } from './contract/definition.ts';
export type {
  CallOptions,
  EngineAgent,
  EngineStream,
  EngineTask,
  Projection,
} from './contract/engine.ts';
export { UnreadableEvent } from './contract/envelope.ts';
export { Fault, isAway } from './contract/fault.ts';
export type { Rate } from './contract/rate.ts';
export type { Append, CommandOf, Context, Handled, OutsideCall, Task } from './contract/task.ts';
export { createEngine, type Engine, type EngineOptions } from './create-engine.ts';
export type { Folded } from './handle/fold.ts';
export { openStore, type Store } from './valkey/store.ts';
