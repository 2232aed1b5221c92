// Loops that live on the store, and come back when it was away.

import { isAway } from '../contract/fault.ts';
import { backoffMs, pause } from './backoff.ts';
import { repeat } from './repeat.ts';

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
  await repeat(signal, async () => {
    try {
      await turn(well);
      return 0;
    } catch (error) {
      if (signal.aborted) return null;
      if (!isAway(error)) throw error;
      losses += 1;
      onLoss?.(error, losses);
      return backoffMs(losses, chance());
    }
  });
}

/**
 * Does `work` once, with growing pauses while the store is away, or while `isLoss` says so of what it rejects
 * with. Rejects with whatever else it rejects with, and with the signal's reason when aborted.
 */
export async function untilDone<T>(
  work: () => Promise<T>,
  { signal, chance, onLoss, isLoss = isAway }: Trying & { readonly isLoss?: (error: unknown) => boolean },
): Promise<T> {
  for (let losses = 0; ; ) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!isLoss(error)) throw error;
      losses += 1;
      onLoss?.(error, losses);
      await pause(backoffMs(losses, chance()), signal);
    }
  }
}
