// How many commands are on their way to the store at once; the rest waits here, in the order of asking. A
// hundred thousand sent at once would keep the event loop busy until the client takes the store for dead.

export interface Permits {
  /** Does `work` under a permit, once one is free. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** For work that waits for something other than the store: others go on meanwhile. */
  aside<T>(wait: Promise<T>): Promise<T>;
}

export function createPermits(max: number): Permits {
  let free = max;
  let waiting: (() => void)[] = [];
  // An array that is cut now and then: to shift it each time would move all of it.
  let first = 0;

  function take(): Promise<void> | undefined {
    if (free > 0) {
      free -= 1;
      return;
    }
    return new Promise((resolve) => waiting.push(resolve));
  }

  function give(): void {
    const next = waiting[first];
    if (next === undefined) {
      free += 1;
      waiting = [];
      first = 0;
      return;
    }
    first += 1;
    if (first >= max) {
      waiting = waiting.slice(first);
      first = 0;
    }
    next();
  }

  return {
    async run(work) {
      // A promise that is there already costs a turn all the same.
      const wait = take();
      if (wait !== undefined) await wait;
      try {
        return await work();
      } finally {
        give();
      }
    },
    async aside(wait) {
      give();
      try {
        return await wait;
      } finally {
        await take();
      }
    },
  };
}
