// One queue per key: what is given under a key runs one after the other, other keys run beside it.

export interface Queues<K> {
  run<T>(key: K, work: () => Promise<T>): Promise<T>;
}

export function createQueues<K>(): Queues<K> {
  const tails = new Map<K, Promise<unknown>>();
  return {
    run<T>(key: K, work: () => Promise<T>): Promise<T> {
      const turn = (tails.get(key) ?? Promise.resolve()).then(work, work);
      tails.set(key, turn);
      // A key without work left is forgotten; the failure itself belongs to whoever asked.
      const forget = () => {
        if (tails.get(key) === turn) tails.delete(key);
      };
      turn.then(forget, forget);
      return turn;
    },
  };
}
