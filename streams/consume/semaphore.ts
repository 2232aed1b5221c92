// How many entries one agent handles at once, over all partitions. A permit is taken before entries are asked
// for, since a process that took entries first would hold what another could do; and in the order of asking,
// so that no partition waits for ever.

export interface Semaphore {
  /**
   * Takes up to `most`, once at least one is free and no other waits longer: one while others wait, else all
   * that are free. Gives how many; 0 when aborted. `give` gives them back.
   */
  take(most: number, signal: AbortSignal): Promise<number>;
  give(count: number): void;
  /** Runs work under a permit of its own, which is taken at once, even beyond the last free one. */
  hold<T>(work: Promise<T>): Promise<T>;
  /**
   * For work under a permit that has to wait: gives the permit back meanwhile, and goes on when it has one
   * again, or at once when aborted.
   */
  aside(wait: Promise<void>, signal: AbortSignal): Promise<void>;
}

export function createSemaphore(max: number): Semaphore {
  let free = max;
  // A Set keeps the order in which they came.
  const waiting = new Set<() => void>();
  const admit = (): void => {
    for (const enter of waiting) if (free > 0) enter();
  };
  const give = (count: number): void => {
    free += count;
    admit();
  };
  const take: Semaphore['take'] = async (most, signal) => {
    if (signal.aborted) return 0;
    const { promise, resolve } = Promise.withResolvers<number>();
    const leave = (count: number) => {
      waiting.delete(enter);
      free -= count;
      resolve(count);
    };
    const enter = () => leave(waiting.size > 1 ? 1 : Math.min(most, free));
    const abort = () => leave(0);
    waiting.add(enter);
    signal.addEventListener('abort', abort, { once: true });
    admit();
    return promise.finally(() => signal.removeEventListener('abort', abort));
  };
  return {
    take,
    give,
    async aside(wait, signal) {
      give(1);
      try {
        await wait;
      } finally {
        // Who holds it gives it back in any case.
        if ((await take(1, signal)) === 0) free -= 1;
      }
    },
    async hold(work) {
      free -= 1;
      try {
        return await work;
      } finally {
        give(1);
      }
    },
  };
}
