// Waiting that ends when it should: by an abort, or by a deadline, which is a signal too.

import { setTimeout as sleep } from 'node:timers/promises';
import { orAborted } from '../streams/engine.ts';

/** Waits `ms`. Rejects with the signal's reason when aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await orAborted(sleep(ms, undefined, { signal }), signal);
}

/**
 * Runs `work` with a signal that aborts with `reason()` after `ms`, or with `outer`, whichever comes first.
 */
export async function withDeadline<T>(
  ms: number,
  outer: AbortSignal,
  reason: () => Error,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const bell = setTimeout(() => deadline.abort(reason()), ms);
  const signal = AbortSignal.any([outer, deadline.signal]);
  try {
    return await orAborted(work(signal), signal);
  } finally {
    clearTimeout(bell);
  }
}
