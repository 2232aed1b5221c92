// A feed as one consumer of one group sees it: durable pointers to what happened in rooms, and alarms that
// rang. A pointer only wakes; the log is the truth. Groups begin at 0, never at `$`, so nothing added before
// them is lost.

import { z } from 'zod';
import { RoomCode } from '../core/ids.ts';
import { limits } from '../core/limits.ts';
import { asFault, type Valkey } from './connection.ts';
import { callFunction } from './functions.ts';
import type { PartitionKeys } from './keys.ts';

export interface Pointer {
  readonly id: string;
  readonly room: RoomCode;
  readonly what:
    | {
        readonly kind: 'events';
        readonly first: number;
        readonly last: number;
        readonly types: readonly string[];
        readonly traceparent: string;
      }
    | { readonly kind: 'alarm'; readonly name: string; readonly dueAt: number };
}

/** An entry that no version of this program wrote; kept whole for the dead letter. */
export interface Unreadable {
  readonly id: string;
  readonly unreadable: string;
}
export type FeedEntry = Pointer | Unreadable;

type RawEntry = readonly [id: string, fields: readonly string[] | null];

const revision = z.coerce.number().int().positive();
const EventsFields = z.object({
  room: RoomCode,
  first: revision,
  last: revision,
  types: z.string().transform((types) => types.split(',')),
  traceparent: z.string(),
});
const AlarmFields = z.object({ room: RoomCode, alarm: z.string().min(1), due: z.coerce.number() });

/** Never throws: what cannot be read is data, too. */
function readEntry([id, fields]: RawEntry): FeedEntry {
  const pairs: [string, string][] = [];
  for (let i = 0; fields !== null && i + 1 < fields.length; i += 2) {
    pairs.push([fields[i] ?? '', fields[i + 1] ?? '']);
  }
  const record = Object.fromEntries(pairs);
  const events = EventsFields.safeParse(record);
  if (events.success) {
    const { room, ...what } = events.data;
    return { id, room, what: { kind: 'events', ...what } };
  }
  const alarm = AlarmFields.safeParse(record);
  if (alarm.success) {
    const { room, alarm: name, due: dueAt } = alarm.data;
    return { id, room, what: { kind: 'alarm', name, dueAt } };
  }
  return { id, unreadable: JSON.stringify(record) };
}

/**
 * Every method throws Fault: `unavailable` when the server is away, and what became of the call is then
 * unknown; `store_failed` when it refuses.
 */
export interface Feed {
  /** Makes stream, group and consumer where they are missing; what is there stays. May run twice. */
  open(): Promise<void>;
  /**
   * Up to `count` entries that nobody in the group was given before; waits up to `blockMs` for the first,
   * then gives none. They are this consumer's until acknowledged. A second run gives the next ones: those
   * whose reply was lost are found by `ownPending`.
   */
  read(count: number, blockMs: number): Promise<FeedEntry[]>;
  /**
   * What this consumer was given and nobody has acknowledged, after entry `after` (`0-0`: from the first),
   * oldest first, at most `limits.takeEntriesMax`; renews their lease. One that is no longer in the stream
   * comes as unreadable. May run twice.
   */
  ownPending(after: string): Promise<FeedEntry[]>;
  /**
   * Takes over up to `count` entries that any consumer left alone for longer than the lease; goes on where
   * the last call stopped, so that by and by all are looked at. A second run gives others: those whose reply
   * was lost are found by `ownPending`.
   */
  claim(count: number): Promise<FeedEntry[]>;
  /**
   * Acknowledges, and forgets how often the entries were tried. Does not look whose they are, so it is for
   * entries that nobody would work on. A fault in between leaves the counts behind; may run twice.
   */
  ack(ids: readonly string[]): Promise<void>;
  /** Renews the lease of those entries that are still ours, and gives their ids. May run twice. */
  renew(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Gives an entry up for others to take at once, and uncounts its last start; does nothing to an entry that
   * is another's. Not twice for one start: the second run would uncount the one before.
   */
  release(id: string): Promise<void>;
  /** Removes this consumer from its group, unless it has something pending: that stays. May run twice. */
  leave(): Promise<void>;
}

export interface FeedOptions {
  /** For blocking reads alone. */
  readonly blocking: Valkey;
  readonly commands: Valkey;
  readonly keys: PartitionKeys;
  readonly group: string;
  readonly consumer: string;
}

export function createFeed({ blocking, commands, keys, group, consumer }: FeedOptions): Feed {
  const stream = keys.feed;
  let cursor = '0-0';

  async function call(connection: Valkey, name: string, ...args: (string | number)[]): Promise<unknown> {
    try {
      return await connection.call(name, ...args);
    } catch (error) {
      throw asFault(error);
    }
  }

  return {
    async open() {
      try {
        await commands.xgroup('CREATE', stream, group, '0', 'MKSTREAM');
      } catch (error) {
        if (!/BUSYGROUP/.test(String(error))) throw asFault(error);
      }
      // By hand: a consumer made by an empty read is not replicated.
      await call(commands, 'XGROUP', 'CREATECONSUMER', stream, group, consumer);
    },
    async read(count, blockMs) {
      const options = ['GROUP', group, consumer, 'COUNT', count, 'BLOCK', blockMs];
      return entriesOf(await call(blocking, 'XREADGROUP', ...options, 'STREAMS', stream, '>'));
    },
    async ownPending(after) {
      const options = ['GROUP', group, consumer, 'COUNT', limits.takeEntriesMax];
      return entriesOf(await call(commands, 'XREADGROUP', ...options, 'STREAMS', stream, after));
    },
    async claim(count) {
      // The cursor is kept: starting at 0-0 each time would starve what lies behind fresh entries.
      const options = [stream, group, consumer, limits.leaseMs, cursor, 'COUNT', count];
      const [next, claimed] = ClaimReply.parse(await call(commands, 'XAUTOCLAIM', ...options));
      cursor = next;
      return claimed.map(readEntry);
    },
    async ack(ids) {
      if (ids.length === 0) return;
      await call(commands, 'XACK', stream, group, ...ids);
      await call(
        commands,
        'HDEL',
        keys.attempts,
        ...ids.flatMap((id) => Object.values(attemptFields(group, id))),
      );
    },
    async renew(ids) {
      const mine = await callFunction(commands, 'renew', [stream], [group, consumer, ...ids]);
      return new Set(z.array(z.string()).parse(mine));
    },
    async release(id) {
      await callFunction(commands, 'release', [stream, keys.attempts], [group, consumer, id, limits.leaseMs]);
    },
    async leave() {
      await callFunction(commands, 'drop_consumer', [stream], [group, consumer]);
    },
  };
}

/** Where `game:attempts` keeps what became of an entry in a group so far. */
export const attemptFields = (group: string, id: string) => ({
  starts: `${group}:${id}`,
  exceptions: `${group}:${id}:x`,
  lastError: `${group}:${id}:e`,
});

const RawEntries = z.array(z.tuple([z.string(), z.array(z.string()).nullable()]));
const ReadReply = z.array(z.tuple([z.string(), RawEntries])).nullable();
const ClaimReply = z.tuple([z.string(), RawEntries]).rest(z.unknown());

function entriesOf(reply: unknown): FeedEntry[] {
  return (ReadReply.parse(reply) ?? []).flatMap(([, entries]) => entries.map(readEntry));
}
