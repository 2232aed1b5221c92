// The loop of one agent on one feed: takes over what it or the dead left behind, reads what is new,
// acknowledges in batches what does not concern it, runs the rest, keeps the leases. No handler's exception
// ends it; an abort drains it.

import type { StreamTypes } from '../contract/definition.ts';
import { Fault, isAway } from '../contract/fault.ts';
import { limits } from '../contract/limits.ts';
import type { FeedEntry, Pointer } from '../log/feed-entry.ts';
import { type Attempts, type AttemptsOptions, createAttempts } from './attempts.ts';
import { pause } from './backoff.ts';
import { deadLetterUnreadable } from './dead-letters.ts';
import type { Feed } from './feed.ts';
import { keepTrying } from './keep-trying.ts';
import { orAborted } from './or-aborted.ts';
import { reportAway } from './report.ts';
import { type RunDeps, runEntry } from './run-entry.ts';
import type { Semaphore } from './semaphore.ts';
import { concerns } from './task.ts';

export interface ConsumerDeps<S extends StreamTypes>
  extends Omit<RunDeps<S>, 'attempts' | 'feed'>,
    AttemptsOptions {
  readonly feed: Feed<S>;
  /** For entries handled at once; shared with other partitions. */
  readonly semaphore: Semaphore;
}

interface Consuming<S extends StreamTypes> extends ConsumerDeps<S> {
  readonly attempts: Attempts;
}

/** `between`: it waits for its next try. */
interface Running {
  readonly abort: AbortController;
  readonly done: Promise<void>;
  between: boolean;
}

/** What one consumer has in hand. `retake`: something of ours is pending that no handler works on. */
interface Hand {
  readonly running: Map<string, Running>;
  retake: boolean;
  /** What ended a task or a renewal and is no loss of the store; it ends the loop. */
  bug: unknown;
}

/**
 * Consumes until aborted, then drains; settles when nothing of it runs any more. Rejects only for a bug: a
 * handler's exceptions are its entry's.
 */
export async function runConsumer<S extends StreamTypes>(
  given: ConsumerDeps<S>,
  signal: AbortSignal,
): Promise<void> {
  const deps = { ...given, attempts: createAttempts(given) };
  const hand: Hand = { running: new Map(), retake: true, bug: null };
  const leases = setInterval(() => void keepLeases(deps, hand), limits.leaseMs / 3);
  // A blocked read would hold up the end for as long as it blocks.
  const unblock = () => deps.feed.unblock();
  signal.addEventListener('abort', unblock, { once: true });
  try {
    await keepConsuming(deps, hand, signal);
  } finally {
    await drain(deps, hand).finally(() => {
      clearInterval(leases);
      signal.removeEventListener('abort', unblock);
    });
  }
}

async function keepConsuming<S extends StreamTypes>(
  deps: Consuming<S>,
  hand: Hand,
  signal: AbortSignal,
): Promise<void> {
  const tell = reportAway(deps.report);
  const onLoss = (error: unknown, losses: number) => {
    hand.retake = true;
    tell(error, losses);
  };
  await keepTrying((well) => consume(deps, hand, signal, well), { signal, chance: deps.chance, onLoss });
}

async function consume<S extends StreamTypes>(
  deps: Consuming<S>,
  hand: Hand,
  signal: AbortSignal,
  well: () => void,
): Promise<void> {
  const { feed, semaphore } = deps;
  await feed.ready(signal);
  await feed.open();
  for (let nextClaimAt = 0; !signal.aborted; well()) {
    if (hand.bug !== null) throw hand.bug;
    if (await feed.paused()) {
      await pause(limits.pauseLookMs / 4, signal);
      continue;
    }
    if (hand.running.size >= limits.ratedInHandMax && (deps.rate ?? null) !== null) {
      // All that it holds waits for its rate, or nearly all; more would only be kept from others.
      await orAborted(Promise.race([...hand.running.values()].map(({ done }) => done)), signal);
      continue;
    }
    if (hand.retake) await takeOver(deps, hand);
    if (deps.clock() >= nextClaimAt) {
      nextClaimAt = deps.clock() + limits.leaseMs / 2;
      await withPermits(semaphore, signal, async (count) => {
        if (await feed.paused()) return;
        const claimed = (await feed.claim(count)).filter(({ id }) => !hand.running.has(id));
        if (claimed.length > 0) deps.report('claimed', { entries: claimed.map(({ id }) => id) });
        await dispatch(deps, hand, claimed, true);
      });
    }
    await feed.woken(limits.blockMs / 2);
    await withPermits(semaphore, signal, async (count) => {
      // The permit may have come long after the last look.
      if (await feed.paused()) return;
      await dispatch(deps, hand, await feed.read(count, blockMsFor(hand)), false);
    });
  }
}

/** A read that waits holds permits, and what waits for its next try will need one. */
const blockMsFor = ({ running }: Hand): number =>
  [...running.values()].some(({ between }) => between) ? limits.blockBrieflyMs : limits.blockMs / 2;

/** Waits for a permit. Does nothing when aborted. */
async function withPermits(
  semaphore: Semaphore,
  signal: AbortSignal,
  take: (count: number) => Promise<void>,
): Promise<void> {
  const count = await semaphore.take(limits.takeEntriesMax, signal);
  if (count > 0) await take(count).finally(() => semaphore.give(count));
}

/** A blocked read whose reply was lost leaves its entries in our own pending list. */
async function takeOver<S extends StreamTypes>(deps: Consuming<S>, hand: Hand): Promise<void> {
  hand.retake = false;
  for (let after = '0-0'; ; ) {
    const entries = await deps.feed.ownPending(after);
    const last = entries.at(-1);
    if (last === undefined) return;
    after = last.id;
    const left = entries.filter(({ id }) => !hand.running.has(id));
    await dispatch(deps, hand, left, true);
  }
}

async function dispatch<S extends StreamTypes>(
  deps: Consuming<S>,
  hand: Hand,
  entries: readonly FeedEntry<S>[],
  redelivered: boolean,
): Promise<void> {
  const foreign: string[] = [];
  for (const entry of entries) {
    if ('unreadable' in entry) await deadLetterUnreadable(deps, entry);
    else if (!concerns(entry, deps.agent)) foreign.push(entry.id);
    else begin(deps, hand, entry, redelivered);
  }
  await deps.feed.ack(foreign);
}

function begin<S extends StreamTypes>(
  deps: Consuming<S>,
  hand: Hand,
  pointer: Pointer<S>,
  redelivered: boolean,
): void {
  const abort = new AbortController();
  const { signal } = abort;
  const between = async (wait: Promise<void>, how: 'held' | 'aside'): Promise<void> => {
    const running = hand.running.get(pointer.id);
    if (running !== undefined) running.between = true;
    await (how === 'held' ? wait : deps.semaphore.aside(wait, signal));
    if (running !== undefined) running.between = false;
  };
  const done = deps.semaphore
    .hold(runEntry(pointer, deps, { redelivered, signal, between }))
    .catch((error: unknown) => {
      if (abort.signal.aborted) return;
      if (!isAway(error)) {
        hand.bug = error;
        return;
      }
      // The entry stays pending, and is taken again once the store is back.
      deps.report('store_away', { entry: pointer.id, error: String(error) });
      hand.retake = true;
    })
    .finally(() => hand.running.delete(pointer.id));
  hand.running.set(pointer.id, { abort, done, between: false });
}

/** Renews what runs. What another consumer has is aborted here; what is acknowledged may come to its end. */
async function keepLeases<S extends StreamTypes>(deps: Consuming<S>, hand: Hand): Promise<void> {
  const { running } = hand;
  if (running.size === 0) return;
  try {
    for (const id of await deps.feed.renew([...running.keys()])) {
      const lost = running.get(id);
      if (lost === undefined) continue;
      deps.report('lost', { entry: id });
      lost.abort.abort(new Fault('lease_lost', `entry ${id} is another's`, { retryable: true }));
    }
  } catch (error) {
    if (isAway(error)) deps.report('store_away', { error: String(error) });
    else hand.bug = error;
  }
}

/** Lets what runs come to its end for a while, then gives the rest up for others to take at once. */
async function drain<S extends StreamTypes>(deps: Consuming<S>, { running }: Hand): Promise<void> {
  const ended = new Fault('draining', 'the process stops', { retryable: true });
  const all = () => Promise.all([...running.values()].map(({ done }) => done));
  // What waits for its next try is given up at once.
  const left = [...running].filter(([, { between }]) => between).map(([id]) => ({ id, started: false }));
  for (const { id } of left) running.get(id)?.abort.abort(ended);
  const enough = new AbortController();
  const waited = pause(limits.drainMs, enough.signal).catch(() => undefined);
  await Promise.race([all(), waited]);
  enough.abort();
  left.push(...[...running].map(([id, { between }]) => ({ id, started: !between })));
  for (const { abort } of running.values()) abort.abort(ended);
  await all();
  try {
    for (const { id, started } of left) await deps.feed.release(id, started);
    await deps.feed.leave();
  } catch (error) {
    if (!isAway(error)) throw error;
    // Without the store the entries wait for their lease to end.
    deps.report('store_away', { error: String(error) });
  }
}
