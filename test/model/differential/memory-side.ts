// The log in memory, with what the engine in memory does around it.

import type { StreamDefinition } from '../../../streams/contract/definition.ts';
import { createCommandHandler } from '../../../streams/handle/command-handler.ts';
import { createMemoryAttempts } from '../../../streams/testing/memory-attempts.ts';
import { createMemoryLog } from '../../../streams/testing.ts';
import type { Notes } from './notes.ts';
import { each, groups, type Side, streams } from './side.ts';

export function memorySide(definition: StreamDefinition<Notes>, nextId: () => string): Side {
  const log = createMemoryLog(definition);
  const deadLetters: Record<string, string>[] = [];
  const attempts = each(groups, (group) => createMemoryAttempts({ group, memory: log, deadLetters }));
  return {
    log,
    handler: createCommandHandler(log, definition, nextId),
    async tell(now) {
      log.clock.now = now;
    },
    take: async (group, count) => log.take(group, count),
    ack: async (group, ids) => log.ack(group, ids),
    attempts: (group) => attempts[group] as NonNullable<(typeof attempts)[string]>,
    fire: async () => log.fireTimers(),
    feed: async () => log.feed,
    kept: async () => ({
      meta: each(streams, (stream) => Object.fromEntries(log.meta(stream))),
      secrets: each(streams, (stream) => Object.fromEntries(log.secrets(stream))),
      timers: Object.fromEntries(log.timers),
      pending: each(groups, (group) => log.feed.map(({ id }) => id).filter((id) => log.isPending(group, id))),
      deadLetters,
    }),
  };
}
