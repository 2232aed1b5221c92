// The log in memory, as the contract suite looks at one.

import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import type { LogUnderTest } from './contract-log.ts';
import { createMemoryLog } from './memory-log.ts';

/** For `logContract`: a log in memory of its own. */
export function openMemoryLog<S extends StreamTypes>(definition: StreamDefinition<S>): LogUnderTest<S> {
  const log = createMemoryLog(definition);
  const given = new Map<string, number>();
  return {
    log,
    async timersOf(stream) {
      const mine = [...log.timers].filter(([name]) => name.startsWith(`${stream}|`));
      return Object.fromEntries(mine.map(([name, at]) => [name.slice(stream.length + 1), at]));
    },
    async take(stream, group) {
      const entries = log.feed.slice(given.get(group) ?? 0);
      given.set(group, log.feed.length);
      return entries.filter((entry) => entry.stream === stream);
    },
    async isPending(_stream, group, entryId) {
      const index = log.feed.findIndex(({ id }) => id === entryId);
      return index >= 0 && index < (given.get(group) ?? 0) && !log.acked.has(`${group}:${entryId}`);
    },
  };
}
