// What tests of deciders and agents are offered: an engine and a log in memory, tasks on it, a clock that the
// test moves; and what every log must do, for tests of a log.

export { type Clock, createClock, type Ticking } from './testing/clock.ts';
export type { LogUnderTest, OpenLog } from './testing/contract-log.ts';
export { type CrashReport, type CrashTest, crashAtEachStep } from './testing/crash.ts';
export { type LogCase, logContract } from './testing/log-contract.ts';
export type { DeadLetter } from './testing/memory-attempts.ts';
export { createMemoryEngine, type MemoryEngine, type MemoryEngineOptions } from './testing/memory-engine.ts';
export { createMemoryLog, type MemoryLog } from './testing/memory-log.ts';
export type { MemoryStream } from './testing/memory-stream.ts';
export { memoryTask } from './testing/memory-task.ts';
export { openMemoryLog } from './testing/open-memory-log.ts';
export { createOutside, type Effect, type Outside } from './testing/outside.ts';
export { type Outcome, type Scenario, scenario } from './testing/scenario.ts';
