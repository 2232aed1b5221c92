// Lets ordinary work run side by side and suspicious work alone: an entry that was with a dead process before
// must not take innocent ones along if it kills this one, too.

export interface Exclusion {
  run<T>(alone: boolean, work: () => Promise<T>): Promise<T>;
}

export function createExclusion(): Exclusion {
  let running = 0;
  let solo = false;
  const waiting: { alone: boolean; enter: () => void }[] = [];

  const fits = (alone: boolean): boolean => (alone ? running === 0 : !solo);

  /** First come, first served: what waits alone is not overtaken for ever. */
  function admit(): void {
    for (let next = waiting[0]; next !== undefined && fits(next.alone); next = waiting[0]) {
      waiting.shift();
      running += 1;
      solo = next.alone;
      next.enter();
    }
  }

  return {
    async run(alone, work) {
      if (waiting.length === 0 && fits(alone)) {
        running += 1;
        solo = alone;
      } else {
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.push({ alone, enter: resolve });
        admit();
        await promise;
      }
      try {
        return await work();
      } finally {
        running -= 1;
        if (alone) solo = false;
        admit();
      }
    },
  };
}
