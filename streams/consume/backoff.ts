// Waiting before another try: exponential, between half the ceiling and all of it by chance, ended at once
// by an abort.

import { setTimeout as sleep } from 'node:timers/promises';
import { limits } from '../contract/limits.ts';

export interface Backoff {
  /** The ceiling after the first try, in ms; it doubles with each, up to `maxMs`. */
  readonly baseMs: number;
  readonly maxMs: number;
}

const usual: Backoff = { baseMs: limits.retryBaseMs, maxMs: limits.retryMaxMs };

/** How long to wait before try `tries + 1` in ms; `chance` is 0..1. */
export function backoffMs(tries: number, chance: number, { baseMs, maxMs }: Backoff = usual): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(tries - 1, 20));
  return Math.round(ceiling * (0.5 + chance / 2));
}

/** Waits `ms`. Rejects with the signal's reason when aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
