// A process without HTTP hands its measurements to the store; the server that is asked at /metrics
// reads them there. So one address shows the whole arena, wherever its agents run.

import { limits } from '../../core/limits.ts';
import type { Store } from '../../streams/engine.ts';
import { isAway } from '../../streams/engine.ts';
import { repeat } from '../../streams/parts.ts';
import { createGameKeys } from '../stores/keys.ts';
import { createFigures } from './figures.ts';
import type { Registry } from './registry.ts';
import type { Shortfalls } from './shortfalls.ts';

export interface Teller {
  readonly store: Store;
  /** What the process is called. */
  readonly name: string;
  readonly registry: Registry;
  readonly shortfalls: Shortfalls;
}

/** Tells every few seconds until aborted; rejects only for a bug. */
export async function tellFigures(
  { store, name, registry, shortfalls }: Teller,
  signal: AbortSignal,
): Promise<void> {
  const connection = store.connect('arena-figures');
  const figures = createFigures(connection, createGameKeys(store).figures);
  try {
    const put = async () => {
      shortfalls.now();
      // The readers of the feed report the loss of the store; these figures come again.
      await figures.put(name, registry.snapshot()).catch((error: unknown) => {
        if (!isAway(error)) throw error;
      });
      return limits.metricsEveryMs;
    };
    await repeat(signal, put, { firstMs: limits.metricsEveryMs });
  } finally {
    connection.disconnect();
  }
}
