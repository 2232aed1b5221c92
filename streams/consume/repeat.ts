// The one loop of what a process does again and again until it is told to end. What else waits does so in the
// store's own time: readers of a feed, which the store holds.

import { pause } from './backoff.ts';

export interface Repeating {
  /** How long to wait before the first turn, in ms. */
  readonly firstMs?: number;
  /** `pause`, but for tests; rejects when aborted. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Takes turns until aborted; each gives how many ms to wait before the next one, or null where it was the
 * last. An abort ends a wait at once and is no failure; a turn that runs is not cut short. Rejects with what
 * a turn rejects with.
 */
export async function repeat(
  signal: AbortSignal,
  turn: () => Promise<number | null>,
  { firstMs = 0, wait = pause }: Repeating = {},
): Promise<void> {
  for (let ms: number | null = firstMs; ms !== null; ms = await turn()) {
    try {
      if (ms > 0) await wait(ms, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    if (signal.aborted) return;
  }
}
