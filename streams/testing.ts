// What tests of deciders and agents are offered: a log in memory.

export { createMemoryLog, type MemoryLog } from './testing/memory-log.ts';
