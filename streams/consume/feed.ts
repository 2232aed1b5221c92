// A feed as one consumer of one group sees it: durable pointers to what was written, and timers that fired. A
// pointer only wakes; the log is the truth. Groups begin at 0, never at `$`, so nothing added before
// them is lost.

import { z } from 'zod';
import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import { limits } from '../contract/limits.ts';
import { type FeedEntry, type RawFeedEntry, readFeedEntry } from '../log/feed-entry.ts';
import { asFault, orFault, untilReady, type Valkey } from '../valkey/connection.ts';
import { callFunction } from '../valkey/functions.ts';
import type { PartitionKeys } from '../valkey/keys.ts';
import type { StreamReader } from '../valkey/stream-reader.ts';

/**
 * Every method throws Fault: `unavailable` when the server is away, and what became of the call is then
 * unknown; `store_failed` when it refuses.
 */
export interface Feed<S extends StreamTypes = StreamTypes> {
  /** Resolves when commands and reads can be sent. */
  ready(signal: AbortSignal): Promise<void>;
  /** A read that waits comes back; for the end. */
  unblock(): void;
  /** Makes stream, group and consumer where they are missing; what is there stays. May run twice. */
  open(): Promise<void>;
  /** Resolves when a read may find something, or after `ms`; at once where a read itself waits. */
  woken(ms: number): Promise<void>;
  /**
   * Whether the group is paused here. Looks at most once per `limits.pauseLookMs`; each look at a paused one
   * shows that its consumer is there.
   */
  paused(): Promise<boolean>;
  /**
   * Up to `count` entries that no consumer of the group was given before; none where there are none, on one
   * Valkey after `blockMs`. They are this consumer's until acknowledged. A second run gives the next ones:
   * those whose reply was lost are found by `ownPending`.
   */
  read(count: number, blockMs: number): Promise<FeedEntry<S>[]>;
  /**
   * What this consumer was given and has not acknowledged, after entry `after` (`0-0`: from the first),
   * oldest first, at most `limits.takeEntriesMax`; renews their lease. One that is no longer in the stream
   * comes as unreadable. May run twice.
   */
  ownPending(after: string): Promise<FeedEntry<S>[]>;
  /**
   * Takes over up to `count` entries that any consumer left alone for longer than the lease; goes on where
   * the last call stopped, so that by and by all are looked at. A second run gives others: those whose reply
   * was lost are found by `ownPending`.
   */
  claim(count: number): Promise<FeedEntry<S>[]>;
  /**
   * Acknowledges, and deletes the counts of attempts. Does not look whose the entries are, so it is for those
   * that need no work. A fault in between leaves the counts behind; may run twice.
   */
  ack(ids: readonly string[]): Promise<void>;
  /**
   * Renews the lease of those entries that are still ours, and gives the ids of those that another consumer
   * has by now. May run twice.
   */
  renew(ids: readonly string[]): Promise<readonly string[]>;
  /**
   * Gives an entry up for others to take at once; does nothing to an entry that is another's. `started`: it
   * is in the middle of a start, which is uncounted. Not twice for one start: the second run would uncount
   * the one before.
   */
  release(id: string, started: boolean): Promise<void>;
  /** Removes this consumer from its group, unless it has something pending: that stays. May run twice. */
  leave(): Promise<void>;
}

export interface FeedOptions<S extends StreamTypes = StreamTypes> {
  readonly definition: StreamDefinition<S>;
  readonly reader: StreamReader;
  readonly commands: Valkey;
  readonly keys: PartitionKeys;
  readonly group: string;
  readonly consumer: string;
}

export function createFeed<S extends StreamTypes>({
  definition,
  reader,
  commands,
  keys,
  group,
  consumer,
}: FeedOptions<S>): Feed<S> {
  const stream = keys.feed;
  const entryOf = (raw: RawFeedEntry): FeedEntry<S> => readFeedEntry(definition, raw);
  const entriesOf = (reply: unknown): FeedEntry<S>[] =>
    ((reply as ReadReply) ?? []).flatMap(([, entries]) => entries.map(entryOf));
  let cursor = '0-0';
  const look = createPauseLook({ commands, keys, group });

  return {
    async ready(signal) {
      await Promise.all([reader.ready(signal), untilReady(commands, signal)]);
    },
    unblock: () => reader.end(),
    woken: reader.woken,
    async open() {
      try {
        await commands.xgroup('CREATE', stream, group, '0', 'MKSTREAM');
      } catch (error) {
        if (!/BUSYGROUP/.test(String(error))) throw asFault(error);
      }
      // By hand: a consumer made by an empty read is not replicated.
      await orFault(() => commands.xgroup('CREATECONSUMER', stream, group, consumer));
    },
    paused: () => look(consumer),
    async read(count, blockMs) {
      const options = ['GROUP', group, consumer, 'COUNT', count];
      const wanted = { command: 'xreadgroup', options, streams: [stream], after: ['>'] } as const;
      return entriesOf(await reader.read(wanted, blockMs));
    },
    async ownPending(after) {
      const words = ['GROUP', group, consumer, 'COUNT', limits.takeEntriesMax, 'STREAMS', stream, after];
      return entriesOf(await orFault(() => commands.call('xreadgroup', ...words)));
    },
    async claim(count) {
      // The cursor is kept: starting at 0-0 each time would starve what lies behind fresh entries.
      const reply = await orFault(() =>
        commands.xautoclaim(stream, group, consumer, limits.leaseMs, cursor, 'COUNT', count),
      );
      const [next, claimed] = reply as unknown as ClaimReply;
      cursor = next;
      return claimed.map(entryOf);
    },
    async ack(ids) {
      if (ids.length === 0) return;
      const counts = ids.flatMap((id) => Object.values(attemptFields(group, id)));
      await orFault(() => commands.xack(stream, group, ...ids));
      await orFault(() => commands.hdel(keys.attempts, ...counts));
    },
    async renew(ids) {
      const others = await callFunction(commands, 'renew', [stream], [group, consumer, ...ids]);
      return z.array(z.string()).parse(others);
    },
    async release(id, started) {
      const args = [group, consumer, id, limits.leaseMs, started ? '1' : ''];
      await callFunction(commands, 'release', [stream, keys.attempts], args);
    },
    leave: () => leaveGroup({ commands, keys, group, consumer }),
  };
}

async function leaveGroup({
  commands,
  keys,
  group,
  consumer,
}: Pick<FeedOptions, 'commands' | 'keys' | 'group' | 'consumer'>): Promise<void> {
  try {
    await callFunction(commands, 'drop_consumer', [keys.feed], [group, consumer]);
  } catch (error) {
    // A process that ends before its group has begun leaves nothing.
    if (!/\bNOGROUP\b/.test(String(error))) throw error;
  }
}

/** Behind every entry. The greatest id itself is how Valkey spells `>`: it would be given what is new. */
const lastId = '18446744073709551615-18446744073709551614';

/** Whether a group is paused, looked at now and then. */
function createPauseLook({
  commands,
  keys,
  group,
}: Pick<FeedOptions, 'commands' | 'keys' | 'group'>): (consumer: string) => Promise<boolean> {
  let paused = false;
  let lookedAt = Number.NEGATIVE_INFINITY;
  return async (consumer) => {
    if (performance.now() - lookedAt < limits.pauseLookMs) return paused;
    paused = (await orFault(() => commands.hexists(keys.paused, group))) === 1;
    lookedAt = performance.now();
    // An empty page of what it holds: who asks for nothing for long counts as gone.
    const words = ['GROUP', group, consumer, 'COUNT', 1, 'STREAMS', keys.feed, lastId];
    if (paused) await orFault(() => commands.call('xreadgroup', ...words));
    return paused;
  };
}

/** Where the hash of attempts keeps what became of an entry in a group so far. */
export const attemptFields = (group: string, id: string) => ({
  starts: `${group}:${id}`,
  exceptions: `${group}:${id}:x`,
  lastError: `${group}:${id}:e`,
});

/** Replies of the server, as its commands are documented to give them. */
type ReadReply = readonly (readonly [stream: string, entries: readonly RawFeedEntry[]])[] | null;
type ClaimReply = readonly [cursor: string, entries: readonly RawFeedEntry[], ...deleted: unknown[]];
