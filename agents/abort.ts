// Waiting that ends when it should: an abort wins over whatever a client does with its signal, and a deadline
// is a signal too.

import { setTimeout as sleep } from 'node:timers/promises';

/** Settles as `work` does, or rejects with the signal's reason the moment it is aborted. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

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
