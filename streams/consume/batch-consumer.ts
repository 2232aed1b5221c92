// The loop of a group whose work is per stream and may be done for many entries at once: it reads a batch,
// works once for each stream in it, acknowledges. Used by projectors, where an entry is only a hint that a
// stream has moved on.

import type { StreamTypes } from '../contract/definition.ts';
import { isAway } from '../contract/fault.ts';
import { limits } from '../contract/limits.ts';
import type { FeedEntry, Pointer } from '../log/feed-entry.ts';
import { type AttemptsOptions, createAttempts } from './attempts.ts';
import { backoffMs, pause } from './backoff.ts';
import { type DeadLetterDeps, deadLetter, deadLetterUnreadable, isFinal, saidBy } from './dead-letters.ts';
import type { Feed } from './feed.ts';
import { keepTrying } from './keep-trying.ts';
import { named, reportAway } from './report.ts';

export interface BatchDeps<S extends StreamTypes> extends Omit<DeadLetterDeps, 'attempts'>, AttemptsOptions {
  readonly feed: Feed<S>;
  /** Brings everything about a stream up to the head of its log. May run twice. */
  readonly work: (stream: S['id'], entries: readonly Pointer<S>[]) => Promise<void>;
  readonly chance: () => number;
}

/**
 * Consumes until aborted; rejects only for a bug. A stream is worked on at most once per
 * `limits.projectEveryMs`.
 */
export async function runBatchConsumer<S extends StreamTypes>(
  deps: BatchDeps<S>,
  signal: AbortSignal,
): Promise<void> {
  const unblock = () => deps.feed.unblock();
  signal.addEventListener('abort', unblock, { once: true });
  await keepTrying(
    async (well) => {
      await deps.feed.ready(signal);
      await deps.feed.open();
      while (await deps.feed.paused()) {
        well();
        await pause(limits.pauseLookMs / 4, signal);
      }
      await handle(deps, await pendingOf(deps));
      well();
      await readOn(deps, signal);
    },
    { signal, chance: deps.chance, onLoss: reportAway(deps.report) },
  );
  signal.removeEventListener('abort', unblock);
  await leave(deps);
}

async function leave<S extends StreamTypes>({ feed, report }: BatchDeps<S>): Promise<void> {
  try {
    await feed.leave();
  } catch (error) {
    if (!isAway(error)) throw error;
    report('store_away', { error: String(error) });
  }
}

/** Reads batch after batch; comes back when something failed, so that what is pending is taken again. */
async function readOn<S extends StreamTypes>(deps: BatchDeps<S>, signal: AbortSignal): Promise<void> {
  for (let nextClaimAt = 0; !signal.aborted; ) {
    // Pending entries are taken again after the pause, as after a failure.
    if (await deps.feed.paused()) return;
    const startedAt = deps.clock();
    const claimed = startedAt >= nextClaimAt ? await deps.feed.claim(limits.batchEntriesMax) : [];
    if (startedAt >= nextClaimAt) nextClaimAt = startedAt + limits.leaseMs / 2;
    if (claimed.length === 0) await deps.feed.woken(limits.blockMs / 2);
    const entries = [...claimed, ...(await deps.feed.read(limits.batchEntriesMax, limits.blockMs / 2))];
    const failed = await handle(deps, entries);
    if (failed) return pause(backoffMs(1, deps.chance()), signal);
    if (entries.length > 0) {
      await pause(Math.max(0, startedAt + limits.projectEveryMs - deps.clock()), signal);
    }
  }
}

async function pendingOf<S extends StreamTypes>({ feed }: BatchDeps<S>): Promise<FeedEntry<S>[]> {
  const all: FeedEntry<S>[] = [];
  for (;;) {
    const page = await feed.ownPending(all.at(-1)?.id ?? '0-0');
    if (page.length === 0) return all;
    all.push(...page);
  }
}

/** True when entries stay pending: their stream failed, or what it needs is away. */
async function handle<S extends StreamTypes>(
  deps: BatchDeps<S>,
  entries: readonly FeedEntry<S>[],
): Promise<boolean> {
  const pointers: Pointer<S>[] = [];
  for (const entry of entries) {
    if ('unreadable' in entry) await deadLetterUnreadable({ ...deps, attempts: createAttempts(deps) }, entry);
    else pointers.push(entry);
  }
  const done: string[] = [];
  const kept: Pointer<S>[] = [];
  let lost: unknown = null;
  for (const [stream, ofStream] of Map.groupBy(pointers, (pointer) => pointer.stream)) {
    const error = await failureOf(() => deps.work(stream, ofStream));
    if (error === null) {
      done.push(...ofStream.map(({ id }) => id));
    } else if (isAway(error)) {
      // Of a cluster it may be a part that other streams do not need.
      lost = error;
      kept.push(...ofStream);
    } else {
      for (const entry of ofStream) if (await countFailure(deps, entry, error)) kept.push(entry);
    }
  }
  if (lost !== null) deps.report('store_away', { entries: kept.length, error: String(lost) });
  await deps.feed.ack(done);
  return kept.length > 0;
}

async function failureOf(work: () => Promise<void>): Promise<unknown> {
  try {
    await work();
    return null;
  } catch (error) {
    return error;
  }
}

/** True while the entry is kept for another try. */
async function countFailure<S extends StreamTypes>(
  deps: BatchDeps<S>,
  entry: Pointer<S>,
  error: unknown,
): Promise<boolean> {
  const attempts = createAttempts(deps);
  const exceptions = await attempts.failed(entry.id, saidBy(error));
  const final = isFinal(error);
  if (!final && exceptions < limits.exceptionsMax) {
    deps.report('retry', { ...named(entry, deps.group), exceptions, error: saidBy(error) });
    return true;
  }
  const reason = final ? 'not_retryable' : 'exceptions';
  const failure = { reason, error, starts: exceptions, exceptions, entry, firstAt: deps.clock() } as const;
  await deadLetter({ ...deps, attempts }, failure);
  return false;
}
