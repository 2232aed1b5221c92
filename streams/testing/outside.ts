// The world outside, for tests: what agents do to it is written down. A call with a key is known when it
// comes again, as a payment service with idempotency keys would know it.

import { takeStep } from './life.ts';

export interface Effect {
  readonly name: string;
  /** What the call said of itself. */
  readonly about: unknown;
}

export interface Outside {
  /**
   * Does something: `name` says what. With a `key` that was used before it does nothing, and gives the first
   * result. Gives `gives`, or null.
   */
  call<T = null>(
    name: string,
    given?: { readonly key?: string; readonly about?: unknown; readonly gives?: T },
  ): Promise<T>;
  /** What was done, in order. */
  readonly done: readonly Effect[];
}

export function createOutside(): Outside {
  const done: Effect[] = [];
  const known = new Map<string, unknown>();
  return {
    done,
    call: <T>(
      name: string,
      {
        key,
        about = null,
        gives,
      }: { readonly key?: string; readonly about?: unknown; readonly gives?: T } = {},
    ) =>
      takeStep(`the outside call ${name}`, 'outside', async () => {
        const result = (key === undefined ? undefined : known.get(key)) ?? gives ?? null;
        if (key === undefined || !known.has(key)) done.push({ name, about });
        if (key !== undefined) known.set(key, result);
        return result as T;
      }),
  };
}
