// Loops that live on the store, and come back when it was away.

import { isAway } from '../contract/fault.ts';
import { backoffMs, pause } from './backoff.ts';

export interface Trying {
  readonly signal: AbortSignal;
  /** 0..1: spreads the tries after a loss. */
  readonly chance: () => number;
  /** Told of each loss of the store, with how many came in a row. */
  readonly onLoss?: (error: unknown, losses: number) => void;
}

/**
 * Runs `turn` again and again until aborted, with growing pauses while the store is away; `turn` says when it
 * has found it well, and the pauses begin anew. Rejects with whatever else a turn rejects with.
 */
export async function keepTrying(
  turn: (well: () => void) => Promise<void>,
  { signal, chance, onLoss }: Trying,
): Promise<void> {
  let losses = 0;
  const well = () => {
    losses = 0;
  };
  while (!signal.aborted) {
    try {
      await turn(well);
    } catch (error) {
      if (signal.aborted) return;
      if (!isAway(error)) throw error;
      losses += 1;
      onLoss?.(error, losses);
      await pause(backoffMs(losses, chance()), signal).catch(() => undefined);
    }
  }
}

/**
 * Does `work` once, with growing pauses while the store is away. Rejects with whatever else it rejects
 * with.
 */
export async function untilDone<T>(work: () => Promise<T>, { signal, chance, onLoss }: Trying): Promise<T> {
  for (let losses = 0; ; ) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!isAway(error)) throw error;
      losses += 1;
      onLoss?.(error, losses);
      await pause(backoffMs(losses, chance()), signal);
    }
  }
}
