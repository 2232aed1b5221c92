// A lane for each key: what is asked under a key is done one after the other, other keys go on beside it.
// What does one ask may take those that wait behind it along, or put them back.

export interface Waiting<A, R> {
  readonly ask: A;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/** What waits behind the ask that is done now. */
export interface Lane<A, R> {
  /** The ask comes straight after another that went well. */
  readonly follows: boolean;
  next(): Waiting<A, R> | undefined;
  /** Takes the next one out; who takes it settles it, or puts it back. */
  take(): void;
  /** Those that were taken, or some of them: before all that wait, in this order. */
  putBack(list: readonly Waiting<A, R>[]): void;
  /** Tells the ask that is done now what came of it, before its work has come to its end. */
  tell(result: R): void;
}

interface Queue<A, R> {
  /** Cut now and then: to shift it each time would move all of it. */
  waiting: Waiting<A, R>[];
  first: number;
}

/** How many that are done stay in a queue. */
const doneKept = 1_000;

export interface Lanes<K, A, R> {
  run(key: K, ask: A): Promise<R>;
}

export function createLanes<K, A, R>(work: (ask: A, lane: Lane<A, R>) => Promise<R>): Lanes<K, A, R> {
  const lanes = new Map<K, Queue<A, R>>();

  async function runAll(key: K, queue: Queue<A, R>): Promise<void> {
    let follows = false;
    for (;;) {
      if (queue.first > doneKept) {
        queue.waiting = queue.waiting.slice(queue.first);
        queue.first = 0;
      }
      const one = queue.waiting[queue.first];
      if (one === undefined) break;
      queue.first += 1;
      const lane: Lane<A, R> = {
        follows,
        next: () => queue.waiting[queue.first],
        take: () => {
          queue.first += 1;
        },
        putBack: (list) => {
          // Into the places of those that were taken.
          queue.first -= list.length;
          for (const [index, one] of list.entries()) queue.waiting[queue.first + index] = one;
        },
        tell: one.resolve,
      };
      try {
        one.resolve(await work(one.ask, lane));
        follows = true;
      } catch (error) {
        one.reject(error);
        follows = false;
      }
    }
    lanes.delete(key);
  }

  return {
    run: (key, ask) =>
      new Promise((resolve, reject) => {
        const one = { ask, resolve, reject };
        const queue = lanes.get(key);
        if (queue !== undefined) {
          queue.waiting.push(one);
          return;
        }
        const fresh = { waiting: [one], first: 0 };
        lanes.set(key, fresh);
        void runAll(key, fresh);
      }),
  };
}
