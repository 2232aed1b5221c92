// What is asked in one turn of the event loop, sent together: the store does a list of things for little more
// than one of them. A list has a bound, so that the store begins with the first while the next is made, and
// is never held up for long.

/** What came of one ask of a list: a value, or why there is none. */
export type Came<R> = { readonly value: R } | { readonly error: unknown };

interface Waiting<A, R> {
  readonly ask: A;
  readonly resolve: (value: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Asks that leave together, in their order, at most `max` at once; those of one list are never parted. `send`
 * gives what came of each, in order; where it rejects, all that it was given rejects.
 */
export function gather<A, R>(
  max: number,
  send: (asks: readonly A[]) => Promise<readonly Came<R>[]>,
): (asks: readonly A[]) => readonly Promise<R>[] {
  let waiting: Waiting<A, R>[][] = [];

  async function sendAll(list: readonly Waiting<A, R>[]): Promise<void> {
    try {
      const came = await send(list.map(({ ask }) => ask));
      for (const [index, { resolve, reject }] of list.entries()) {
        const one = came[index] ?? { error: new Error('nothing came of it') };
        if ('error' in one) reject(one.error);
        else resolve(one.value);
      }
    } catch (error) {
      for (const { reject } of list) reject(error);
    }
  }

  function flush(): void {
    const all = waiting;
    waiting = [];
    let next: Waiting<A, R>[] = [];
    for (const list of all) {
      if (next.length > 0 && next.length + list.length > max) {
        void sendAll(next);
        next = [];
      }
      next.push(...list);
    }
    if (next.length > 0) void sendAll(next);
  }

  return (asks) => {
    // After what the turn still has to do, which may ask for more.
    if (waiting.length === 0) process.nextTick(flush);
    const list: Waiting<A, R>[] = [];
    waiting.push(list);
    return asks.map((ask) => new Promise((resolve, reject) => list.push({ ask, resolve, reject })));
  };
}

/** What comes of a list of one. */
export function one<R>([first]: readonly Promise<R>[]): Promise<R> {
  return first ?? Promise.reject(new Error('nothing was asked'));
}
