// A mutex per key: what is given under a key runs one after the other, other keys run beside it.

export interface KeyedMutex<K> {
  /** `work` is told whether it comes straight after another that went well. */
  run<T>(key: K, work: (follows: boolean) => Promise<T>): Promise<T>;
}

export function createKeyedMutex<K>(): KeyedMutex<K> {
  const tails = new Map<K, Promise<unknown>>();
  return {
    run<T>(key: K, work: (follows: boolean) => Promise<T>): Promise<T> {
      const before = tails.get(key);
      const alone = () => work(false);
      const turn = before === undefined ? alone() : before.then(() => work(true), alone);
      tails.set(key, turn);
      // A key without work left is removed; the failure itself belongs to the caller.
      const remove = () => {
        if (tails.get(key) === turn) tails.delete(key);
      };
      turn.then(remove, remove);
      return turn;
    },
  };
}
