// The log in memory, as the contract suite looks at one.

import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import type { LogUnderTest } from './contract-log.ts';
import { createMemoryLog } from './memory-log.ts';

/** For `logContract`: a log in memory of its own. */
export function openMemoryLog<S extends StreamTypes>(definition: StreamDefinition<S>): LogUnderTest<S> {
  const log = createMemoryLog(definition);
  return {
    log,
    async timersOf(stream) {
      const mine = [...log.timers].filter(([name]) => name.startsWith(`${stream}|`));
      return Object.fromEntries(mine.map(([name, at]) => [name.slice(stream.length + 1), at]));
    },
    take: async (stream, group) => log.take(group).filter((entry) => entry.stream === stream),
    isPending: async (_stream, group, entryId) => log.isPending(group, entryId),
  };
}
