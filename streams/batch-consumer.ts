// The loop of a group whose work is per room and may be done for many entries at once: it reads a batch,
// works once for each room in it, acknowledges. Used by projectors, where an entry is only a hint that a room
// has moved on.

import type { RoomCode } from '../core/ids.ts';
import { limits } from '../core/limits.ts';
import { Fault, isAway } from '../core/ports.ts';
import { backoffMs, pause } from './backoff.ts';
import { untilReady, type Valkey } from './connection.ts';
import { bury } from './dead-letters.ts';
import type { Feed, FeedEntry } from './feed.ts';
import { callFunction } from './functions.ts';
import type { PartitionKeys } from './keys.ts';
import type { Report } from './run-entry.ts';

export interface BatchDeps {
  readonly feed: Feed;
  readonly blocking: Valkey;
  readonly commands: Valkey;
  readonly keys: PartitionKeys;
  readonly group: string;
  readonly consumer: string;
  /** Brings everything about a room up to the head of its log. May run twice. */
  readonly work: (room: RoomCode) => Promise<void>;
  readonly chance: () => number;
  readonly clock: () => number;
  readonly report: Report;
}

const batchMax = 500;

/**
 * Consumes until aborted; rejects only for a bug. A room is worked on at most once per
 * `limits.documentEveryMs`.
 */
export async function runBatchConsumer(deps: BatchDeps, signal: AbortSignal): Promise<void> {
  const unblock = () => deps.blocking.disconnect();
  signal.addEventListener('abort', unblock, { once: true });
  for (let failures = 0; !signal.aborted; ) {
    try {
      await Promise.all([untilReady(deps.blocking, signal), untilReady(deps.commands, signal)]);
      await deps.feed.open();
      await handle(deps, await pendingOf(deps));
      failures = 0;
      await readOn(deps, signal);
    } catch (error) {
      if (signal.aborted) break;
      if (!isAway(error)) throw error;
      failures += 1;
      if (failures === 1) deps.report('store_away', { error: String(error) });
      await pause(backoffMs(failures, deps.chance()), signal).catch(() => undefined);
    }
  }
  signal.removeEventListener('abort', unblock);
  await leave(deps);
}

async function leave({ feed, report }: BatchDeps): Promise<void> {
  try {
    await feed.leave();
  } catch (error) {
    if (!isAway(error)) throw error;
    report('store_away', { error: String(error) });
  }
}

/** Reads batch after batch; comes back when something failed, so that what is pending is taken again. */
async function readOn(deps: BatchDeps, signal: AbortSignal): Promise<void> {
  for (let nextClaimAt = 0; !signal.aborted; ) {
    const startedAt = deps.clock();
    const claimed = startedAt >= nextClaimAt ? await deps.feed.claim(batchMax) : [];
    if (startedAt >= nextClaimAt) nextClaimAt = startedAt + limits.leaseMs / 2;
    const entries = [...claimed, ...(await deps.feed.read(batchMax, limits.blockMs / 2))];
    const failed = await handle(deps, entries);
    if (failed) return pause(backoffMs(1, deps.chance()), signal);
    if (entries.length > 0) {
      await pause(Math.max(0, startedAt + limits.documentEveryMs - deps.clock()), signal);
    }
  }
}

async function pendingOf({ feed }: BatchDeps): Promise<FeedEntry[]> {
  const all: FeedEntry[] = [];
  for (;;) {
    const page = await feed.ownPending(all.at(-1)?.id ?? '0-0');
    if (page.length === 0) return all;
    all.push(...page);
  }
}

/** True when a room failed and its entries stay pending. */
async function handle(deps: BatchDeps, entries: readonly FeedEntry[]): Promise<boolean> {
  const byRoom = Map.groupBy(entries, (entry) => ('unreadable' in entry ? null : entry.room));
  const done: string[] = [];
  let failed = false;
  for (const [room, ofRoom] of byRoom) {
    const error = room === null ? unreadable : await failureOf(() => deps.work(room));
    if (error === null) done.push(...ofRoom.map(({ id }) => id));
    else for (const entry of ofRoom) failed = (await countFailure(deps, entry, error)) || failed;
  }
  await deps.feed.ack(done);
  return failed;
}

const unreadable = new Fault('unreadable_entry', 'this feed entry was written by no version known here', {
  retryable: false,
});

async function failureOf(work: () => Promise<void>): Promise<unknown> {
  try {
    await work();
    return null;
  } catch (error) {
    if (isAway(error)) throw error;
    return error;
  }
}

/** True while the entry is kept for another try. */
async function countFailure(deps: BatchDeps, entry: FeedEntry, error: unknown): Promise<boolean> {
  const { commands, keys, group, consumer, clock, report } = deps;
  const args = [group, entry.id];
  const exceptions = Number(await callFunction(commands, 'failed', [keys.attempts], args));
  const final = error instanceof Error && 'retryable' in error && error.retryable === false;
  if (!final && exceptions < limits.exceptionsMax) {
    report('retry', { entry: entry.id, exceptions, error: String(error) });
    return true;
  }
  const reason = 'unreadable' in entry ? 'unreadable' : final ? 'not_retryable' : 'exceptions';
  const times = { firstAt: clock(), lastAt: clock() };
  const counts = { starts: exceptions, exceptions };
  const letter = await bury(commands, keys, { reason, error, ...counts, ...times, group, consumer, entry });
  report('buried', { letter, entry: entry.id, reason });
  return false;
}
