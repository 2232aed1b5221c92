// Work that has so much time: a deadline is an abort, too, and wins over whatever the work does with its
// signal.

import { orAborted } from './or-aborted.ts';

/**
 * Runs `work` with a signal that aborts with `reason()` after `ms`, or with `outer`, whichever comes first,
 * and rejects with that reason at once.
 */
export async function withDeadline<T>(
  ms: number,
  outer: AbortSignal,
  reason: () => Error,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(reason()), ms);
  const signal = AbortSignal.any([outer, deadline.signal]);
  try {
    return await orAborted(work(signal), signal);
  } finally {
    clearTimeout(timer);
  }
}
