// The log on Valkey, as the contract suite looks at one: past the port, by the keys of its kind of stream.

import { createFeed } from '../../streams/consume/feed.ts';
import type { StreamTypes } from '../../streams/contract/definition.ts';
import { createEventLog } from '../../streams/log/event-log.ts';
import type { Pointer } from '../../streams/log/feed-entry.ts';
import type { LogUnderTest, OpenLog } from '../../streams/testing.ts';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { createKeys } from '../../streams/valkey/keys.ts';
import { wokenReader } from '../../streams/valkey/stream-reader.ts';

const feedEntriesMax = 100_000;
// Reads ask at once, and wait for nothing.
const nothing = () => undefined;
const unheard = { listen: nothing, heard: () => 0, wait: async () => undefined, close: nothing };

/** Logs for `logContract` on a store that is ready; one Valkey unless a cluster is named. */
export const logOnValkey =
  (commands: Valkey, store = { cluster: false }): OpenLog =>
  <S extends StreamTypes>(definition: Parameters<typeof createEventLog<S>>[2]): LogUnderTest<S> => {
    const keys = createKeys(definition, store);
    return {
      log: createEventLog(commands, keys, definition),
      async timersOf(stream) {
        const pairs = await commands.zrange(keys.of(stream).timers, 0, -1, 'WITHSCORES');
        const mine = pairs.flatMap((name, index) =>
          index % 2 === 0 && name.startsWith(`${stream}|`)
            ? [[name.slice(stream.length + 1), Number(pairs[index + 1])] as const]
            : [],
        );
        return Object.fromEntries(mine);
      },
      async take(stream, group) {
        const options = { definition, commands, keys: keys.of(stream), group, consumer: 'contract' };
        const feed = createFeed({ ...options, reader: wokenReader(commands, unheard, stream) });
        await feed.open();
        const entries = await feed.read(feedEntriesMax, 0);
        return entries.filter((entry): entry is Pointer<S> => 'what' in entry && entry.stream === stream);
      },
      async isPending(stream, group, entryId) {
        const found = await commands.xpending(keys.of(stream).feed, group, entryId, entryId, 1);
        return found.length > 0;
      },
    };
  };
