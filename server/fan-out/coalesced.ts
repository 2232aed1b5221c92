// Work that is gathered: done once in a while, however often it is asked for until then.

export interface Coalesced {
  /** Does it in `ms`, unless it is going to be done anyway. */
  ask(ms: number): void;
  cancel(): void;
}

export function createCoalesced(work: () => void): Coalesced {
  let timer: NodeJS.Timeout | null = null;
  return {
    ask(ms) {
      timer ??= setTimeout(() => {
        timer = null;
        work();
      }, ms);
    },
    cancel() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
