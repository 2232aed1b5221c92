// What tests of deciders and agents are offered: a log in memory, and tasks on it.

export { createMemoryLog, type MemoryLog } from './testing/memory-log.ts';
export { memoryTask } from './testing/memory-task.ts';
