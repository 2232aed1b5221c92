// A process in memory, as far as what it does to a log and to the outside is concerned: each such step may be
// its last. What runs in it knows nothing of that, and cannot prevent it.

import { AsyncLocalStorage } from 'node:async_hooks';

/** Whom a step asks. */
export type Asked = 'log' | 'outside';

export interface Life {
  /** Called on both sides of a step. Never settles once the process is dead; rejects with what has failed. */
  at(step: string, asked: Asked): Promise<void>;
  /** Resolves when the process dies. */
  readonly over: Promise<'died'>;
}

export const immortal: Life = { at: async () => undefined, over: new Promise(() => undefined) };

const lives = new AsyncLocalStorage<Life>();

/** Runs work in a process; everything that it begins is part of it. */
export const liveIn = <T>(life: Life, work: () => Promise<T>): Promise<T> => lives.run(life, work);

/** A step of the process that asks for it; the test itself is in none. */
export async function takeStep<T>(step: string, asked: Asked, work: () => Promise<T>): Promise<T> {
  const life = lives.getStore();
  await life?.at(`before ${step}`, asked);
  const result = await work();
  await life?.at(`after ${step}`, asked);
  return result;
}
