// Work that is gathered: done once in a while, however often it is asked for until then.

export interface Coalesced {
  /** Does it in `ms`, unless it is going to be done anyway. */
  ask(ms: number): void;
  /** Does it at once, and not again for what was asked before. */
  now(): void;
  cancel(): void;
}

export function createCoalesced(work: () => void): Coalesced {
  let timer: NodeJS.Timeout | null = null;
  function cancel(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }
  return {
    ask(ms) {
      timer ??= setTimeout(() => {
        timer = null;
        work();
      }, ms);
    },
    now() {
      cancel();
      work();
    },
    cancel,
  };
}
