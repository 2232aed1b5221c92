// The clock of tests: it stands until it is moved, and moving it does what is due on the way.

/** What happens by itself as time goes by, such as the timers of an engine in memory. */
export interface Ticking {
  /** When the next thing is due, in ms; null where nothing waits. */
  nextDueAt(): number | null;
  /** Does everything that is due by now, and what comes of it. */
  settle(): Promise<void>;
}

export interface Clock {
  /** The moment now, in ms. Setting it does nothing of what is due on the way; `advance` does. */
  now: number;
  /**
   * Moves on by `ms`, and stops at each moment at which something is due: timers fire, and the agents that
   * they wake run to their end, before time goes on. Rejects with what one of them rejects with.
   */
  advance(ms: number): Promise<void>;
  /** Adds what is done by `advance`. */
  join(ticking: Ticking): void;
}

/** Starts at 1,000,000 unless told. */
export function createClock(startMs = 1_000_000): Clock {
  const all: Ticking[] = [];
  const clock: Clock = {
    now: startMs,
    async advance(ms) {
      if (!(ms >= 0)) throw new Error(`a clock goes forward: ${ms} ms is not`);
      const target = clock.now + ms;
      for (;;) {
        for (const one of all) await one.settle();
        const due = all.flatMap((one) => one.nextDueAt() ?? []);
        const next = Math.min(...due);
        if (next > target) break;
        clock.now = Math.max(clock.now, next);
      }
      clock.now = target;
    },
    join: (ticking) => void all.push(ticking),
  };
  return clock;
}
