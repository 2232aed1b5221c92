// How often an agent may start, as its program says it.

import type { StreamTypes } from './definition.ts';

/** What a start is about. */
export interface RateAbout<S extends StreamTypes = StreamTypes> {
  readonly stream: S['id'];
  /** Types of the events that wake the agent; none for a timer. */
  readonly types: readonly S['event']['type'][];
  /** Name of the timer that fired, if one did. */
  readonly timer: string | null;
}

/**
 * A limit on the starts of an agent's handler, retries included, shared by all its processes. Starts of one
 * key are at least `perMs / count` apart by the store's clock, rounded up to whole microseconds: in no window
 * of `perMs` are there more than `count`.
 */
export interface Rate<S extends StreamTypes = StreamTypes> {
  /** Starts in `perMs`; a whole number from 1. */
  readonly count: number;
  /** In ms; a whole number from 1. */
  readonly perMs: number;
  /**
   * How many starts may come at once after a rest; 1 unless given. With more, a window of `perMs` may hold up
   * to `count + burst - 1`.
   */
  readonly burst?: number;
  /** What is counted together, such as a customer's id; everything of the agent unless given. */
  perKey?(about: RateAbout<S>): string;
}

/** @throws Error that says in one sentence what is wrong with a rate. */
export function refuseWrongRate(group: string, rate: Rate | undefined): void {
  if (rate === undefined) return;
  const { count, perMs, burst = 1 } = rate;
  const broken = Object.entries({ count, perMs, burst }).find(
    ([, value]) => !Number.isSafeInteger(value) || value < 1,
  );
  if (broken !== undefined) {
    throw new Error(`the rate of ${group}: ${broken[0]} is a whole number from 1, not ${broken[1]}`);
  }
}
