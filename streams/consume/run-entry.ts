// One entry from start to acknowledgement: counts each start before the handler runs, retries exceptions with
// back-off, gives up after enough of them, or after enough deaths, which are counted apart. A handler that is
// not back in time counts as one that threw. Never throws but for a lost store or an abort.

import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import { Fault, isAway } from '../contract/fault.ts';
import { limits } from '../contract/limits.ts';
import type { Agent, Opened } from '../contract/task.ts';
import type { Pointer } from '../log/feed-entry.ts';
import {
  type AttemptAt,
  attemptSpan,
  countAttempt,
  deadLetterSpan,
  placeOf,
  requeueSpan,
} from '../trace/attempt-span.ts';
import type { Counts } from './attempts.ts';
import { backoffMs, pause } from './backoff.ts';
import { type DeadLetterDeps, deadLetter, isFinal, type Reason, saidBy } from './dead-letters.ts';
import type { Exclusion } from './exclusion.ts';
import type { Feed } from './feed.ts';
import type { RateLimiter } from './rate.ts';
import { named } from './report.ts';
import { openStreamOf, openTask, type TaskDeps } from './task.ts';
import { withDeadline } from './with-deadline.ts';

export interface RunDeps<S extends StreamTypes> extends TaskDeps<S>, DeadLetterDeps {
  readonly definition: StreamDefinition<S>;
  readonly agent: Agent<S>;
  readonly feed: Pick<Feed<S>, 'ack'>;
  readonly exclusion: Exclusion;
  /** Absent for an agent that may start as often as it likes. */
  readonly rate?: RateLimiter<S> | null;
  /** How long a handler may take before that counts as an exception of its. */
  readonly handlerMsMax: number;
  /**
   * Called before an entry becomes a dead letter, so that nothing hangs on it; may be called again for the
   * same one.
   */
  readonly beforeDeadLetter: (pointer: Pointer<S>) => Promise<void>;
  /**
   * Waits `ms` between two tries; rejects with the signal's reason when aborted. By the clock unless given.
   */
  readonly wait?: typeof pause;
  /** Gives a handler so much time. By the clock unless given. */
  readonly deadline?: typeof withDeadline;
}

export interface RunOptions {
  readonly redelivered: boolean;
  readonly signal: AbortSignal;
  /** Told while the entry waits for its next try: with `aside` it needs no permit for that. */
  between?(wait: Promise<void>, how: 'held' | 'aside'): Promise<void>;
}

export async function runEntry<S extends StreamTypes>(
  pointer: Pointer<S>,
  deps: RunDeps<S>,
  { redelivered, signal, between = (waits) => waits }: RunOptions,
): Promise<void> {
  const firstAt = deps.clock();
  const { wait = pause } = deps;
  let waited = false;
  const once = () => tryOnce(pointer, deps, { firstAt, redelivered, signal, waited });
  for (let losses = 0; ; ) {
    const outcome = await deps.exclusion.run(redelivered, once);
    if (outcome === 'finished') return;
    waited = typeof outcome === 'object' && 'waitMs' in outcome;
    if (typeof outcome === 'object' && 'waitMs' in outcome) {
      await between(wait(outcome.waitMs, signal), 'aside');
      continue;
    }
    losses = outcome === 'away' ? losses + 1 : 0;
    const tries = outcome === 'away' ? losses : outcome.tries;
    await between(wait(backoffMs(tries, deps.chance()), signal), 'held');
  }
}

/** `waitMs`: it is over its rate, and was not started. */
type Tried = 'finished' | 'away' | { readonly tries: number } | { readonly waitMs: number };

interface Trying {
  readonly firstAt: number;
  readonly redelivered: boolean;
  readonly signal: AbortSignal;
  /** For its rate, straight before. */
  readonly waited: boolean;
}

async function tryOnce<S extends StreamTypes>(
  pointer: Pointer<S>,
  deps: RunDeps<S>,
  { firstAt, redelivered, signal, waited }: Trying,
): Promise<Tried> {
  signal.throwIfAborted();
  const rated = await deps.rate?.ask(pointer, waited);
  if (rated?.status === 'over') return rated;
  const { group, consumer, telemetry } = deps;
  // Both leave together; the start is counted before the handler runs.
  const opening = openStreamOf(deps.handler, pointer);
  opening.catch(() => undefined);
  const counts = await deps.attempts.start(pointer.id);
  if (counts.starts === 0) return 'finished';
  const deaths = counts.starts - 1 - counts.exceptions;
  const at: AttemptAt<S> = {
    definition: deps.definition,
    pointer,
    group,
    consumer,
    redelivered,
    deaths,
    ...counts,
  };
  countAttempt(telemetry.meter, at);
  const requeued = requeueSpan(at);
  if (requeued !== null) telemetry.tracer.record(requeued);
  const give = (reason: Reason, error: unknown, { starts, exceptions }: Counts) =>
    telemetry.tracer.span(deadLetterSpan({ ...at, starts, exceptions }, reason), async () => {
      await deps.beforeDeadLetter(pointer);
      await deadLetter(deps, { reason, error, starts, exceptions, firstAt, entry: pointer });
      return 'finished' as const;
    });
  if (deaths >= limits.deathsMax) {
    return give('deaths', new Error(`the handler ended its process ${deaths} times`), counts);
  }
  try {
    if (rated?.status === 'broken') throw rated.error;
    await attempt(at, deps, { signal, opening });
    return 'finished';
  } catch (error) {
    // An abort is no failure of the handler: the entry stays pending, or is another's already.
    if (signal.aborted) throw signal.reason;
    if (isAway(error)) return away(pointer, deps, error);
    const exceptions = await deps.attempts.failed(pointer.id, saidBy(error));
    if (exceptions === 0) {
      // Done by a commit before it failed, or another's by now.
      deps.report('lost', { ...named(pointer, deps.group), error: saidBy(error) });
      return 'finished';
    }
    const after = { starts: counts.starts, exceptions };
    if (isFinal(error)) return give('not_retryable', error, after);
    if (exceptions >= limits.exceptionsMax) return give('exceptions', error, after);
    deps.report('retry', { ...named(pointer, deps.group), exceptions, error: saidBy(error) });
    return { tries: exceptions };
  }
}

/**
 * The store is away, or a part of it that the handler asked. The entry is not to blame, so this start does
 * not count. Throws where this entry's own part is away, too.
 */
async function away<S extends StreamTypes>(
  { id }: Pick<Pointer, 'id'>,
  deps: RunDeps<S>,
  error: unknown,
): Promise<'away'> {
  await deps.attempts.uncount(id);
  deps.report('store_away', { entry: id, error: String(error) });
  return 'away';
}

/** One attempt under way, and its stream as it is looked at. */
interface Going<S extends StreamTypes> {
  readonly signal: AbortSignal;
  readonly opening: Promise<Opened<S>>;
}

/** One attempt, traced and timed. */
async function attempt<S extends StreamTypes>(
  at: AttemptAt<S>,
  deps: RunDeps<S>,
  going: Going<S>,
): Promise<void> {
  const { tracer, meter } = deps.telemetry;
  const since = performance.now();
  const handled = async (traceparent: string) => {
    const what = await handleOnce(at, deps, traceparent, going);
    deps.report(what, { ...named(at.pointer, deps.group), attempt: at.starts });
  };
  try {
    // Without a listener there is no span, but what the attempt writes has a context all the same.
    const start = tracer.on ? attemptSpan(at) : null;
    if (start === null) await handled(placeOf(at).traceparent);
    else await tracer.span(start, () => handled(start.traceparent));
  } finally {
    const seconds = (performance.now() - since) / 1_000;
    meter.observe('arena_process_duration_seconds', seconds, { group: deps.group });
  }
}

/**
 * Runs the handler until a commit has acknowledged the entry. A conflict of that commit means: look again.
 * An entry whose stream has left the store is only acknowledged: `gone`.
 */
async function handleOnce<S extends StreamTypes>(
  { pointer, starts }: AttemptAt<S>,
  deps: RunDeps<S>,
  traceparent: string,
  { signal, opening }: Going<S>,
): Promise<'handled' | 'gone'> {
  const { deadline = withDeadline, handlerMsMax } = deps;
  for (let looks = 0; looks < limits.conflictsMax; looks++) {
    const open = await deadline(handlerMsMax, signal, late(handlerMsMax), async (until) => {
      const looked = looks === 0 ? { opening } : {};
      const opened = await openTask(pointer, deps, {
        attempt: starts,
        signal: until,
        traceparent,
        ...looked,
      });
      if (!opened.gone) await deps.agent.handle(opened.task);
      return opened;
    });
    if (!open.gone && (open.settled() || (await open.settle()))) return 'handled';
    if (open.gone || (await deps.handler.load(pointer.stream)).rev === 0) {
      await deps.feed.ack([pointer.id]);
      return open.gone ? 'gone' : 'handled';
    }
  }
  throw new Fault('too_many_conflicts', `entry ${pointer.id}: its stream changed at every look`, {
    retryable: true,
  });
}

/**
 * A handler that does not come back would hold its permit for ever, and its renewed lease would keep all
 * other consumers away. It is told by its signal, and not waited for; what it submits from then on is
 * refused.
 */
const late = (ms: number) => (): Fault =>
  new Fault('handler_late', `the handler had not come back after ${ms} ms`, { retryable: true });
