// Asks the store for each start of an agent's handler under its rate. What is over it waits here: uncounted,
// without a permit, its lease renewed, and other keys go on.

import type { StreamTypes } from '../contract/definition.ts';
import { isAway } from '../contract/fault.ts';
import type { Rate } from '../contract/rate.ts';
import type { Pointer } from '../log/feed-entry.ts';
import type { Valkey } from '../valkey/connection.ts';
import { callFunction } from '../valkey/functions.ts';
import { rateKey } from '../valkey/keys.ts';
import { backoffMs } from './backoff.ts';
import type { Report } from './report.ts';

/**
 * `free`: this start is counted. `over`: ask again after so long. `broken`: the key could not be told, and
 * nothing was asked.
 */
export type Asked =
  | { readonly status: 'free' }
  | { readonly status: 'over'; readonly waitMs: number }
  | { readonly status: 'broken'; readonly error: unknown };

export interface RateLimiter<S extends StreamTypes> {
  /** Each `free` counts one start. `again`: this entry has waited before. */
  ask(pointer: Pointer<S>, again: boolean): Promise<Asked>;
}

interface RateDeps<S extends StreamTypes> {
  readonly name: string;
  readonly group: string;
  readonly rate: Rate<S>;
  readonly commands: Valkey;
  readonly report: Report;
  readonly chance: () => number;
}

export function createRateLimiter<S extends StreamTypes>(deps: RateDeps<S>): RateLimiter<S> {
  const { name, group, rate, commands, report, chance } = deps;
  const { count, perMs, burst = 1 } = rate;
  const intervalMicros = Math.ceil((perMs * 1_000) / count);
  // When the last one that waits for a key asks again: later ones ask after it, and not all at once.
  const next = new Map<string, number>();

  function planned(key: string, waitMs: number, again: boolean): number {
    if (again) return waitMs;
    const now = performance.now();
    for (const [other, at] of next) if (at <= now) next.delete(other);
    const at = Math.max(now + waitMs, (next.get(key) ?? 0) + intervalMicros / 1_000);
    next.set(key, at);
    return at - now;
  }

  return {
    async ask(pointer, again) {
      try {
        const key = rateKey(name, group, keyOf(rate, pointer));
        const micros = Number(await callFunction(commands, 'take_rate', [key], [intervalMicros, burst]));
        if (micros === 0) return { status: 'free' };
        return { status: 'over', waitMs: planned(key, Math.ceil(micros / 1_000), again) };
      } catch (error) {
        if (!isAway(error)) return { status: 'broken', error };
        // On a cluster the key may lie elsewhere than the entry.
        report('store_away', { entry: pointer.id, error: String(error) });
        return { status: 'over', waitMs: backoffMs(2, chance()) };
      }
    },
  };
}

function keyOf<S extends StreamTypes>({ perKey }: Rate<S>, { stream, what }: Pointer<S>): string {
  if (perKey === undefined) return '';
  const events = what.kind === 'events';
  const key: unknown = perKey({
    stream,
    types: events ? what.types : [],
    timer: events ? null : what.name,
  });
  if (typeof key === 'string') return key;
  throw new TypeError(`perKey of a rate gave ${typeof key} for stream ${stream}, and a key is a text`);
}
