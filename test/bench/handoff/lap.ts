// The timetable of hand-offs, and how long each of them takes.

import { setTimeout as sleep } from 'node:timers/promises';

export interface Timetable {
  readonly handoffs: number;
  readonly perSecond: number;
  /** They take turns. */
  readonly streams: number;
}

export type Pass = (number: number, stream: number, begins: () => void) => Promise<unknown>;

/** Begins hand-offs by the timetable, and is told by `arrived` when a handler starts with one. */
export interface Lap {
  readonly arrived: (number: number) => void;
  /**
   * Delays in ms of all of them. `pass` commits one and calls `begins` before it does, again where it has to
   * decide again: what it takes to know the stream is no part of the hand-off.
   */
  run(pass: Pass): Promise<number[]>;
}

export function lapOf({ handoffs, perSecond, streams }: Timetable): Lap {
  const begun = new Map<number, number>();
  const delays: number[] = [];
  const all = Promise.withResolvers<void>();
  return {
    arrived(number) {
      const since = begun.get(number);
      // The engine delivers at least once; the first start counts.
      if (since === undefined || !begun.delete(number)) return;
      delays.push(performance.now() - since);
      if (delays.length === handoffs) all.resolve();
    },
    async run(pass) {
      const startAt = performance.now();
      const passing: Promise<unknown>[] = [];
      for (let number = 0; number < handoffs; number++) {
        // A timer may fire a little early.
        const dueInMs = () => startAt + (number * 1_000) / perSecond - performance.now();
        for (let ms = dueInMs(); ms > 0; ms = dueInMs()) await sleep(Math.ceil(ms));
        passing.push(pass(number, number % streams, () => begun.set(number, performance.now())));
      }
      await Promise.all(passing);
      await all.promise;
      return delays;
    },
  };
}
