// Measurements of processes that have no HTTP, kept in the store for the server that is asked for all of
// them. A process writes its own over the last ones; what is old is of a process that is gone.

import { z } from 'zod';
import { limits } from '../../core/limits.ts';
import { nowOf, orFault, type Valkey } from '../../streams/parts.ts';

const Kept = z.object({ at: z.number(), figures: z.unknown() });

/** `key`: one hash for all processes. Both methods throw Fault when the store is away and may run twice. */
export function createFigures(connection: Valkey, key: string) {
  return {
    async put(process: string, figures: unknown): Promise<void> {
      await orFault(async () =>
        connection.hset(key, process, JSON.stringify({ at: await nowOf(connection), figures })),
      );
    },
    /** Of every process that was heard of lately, by its name; forgets the others. */
    all: (): Promise<ReadonlyMap<string, unknown>> =>
      orFault(async () => {
        const [now, fields] = await Promise.all([nowOf(connection), connection.hgetall(key)]);
        const kept = Object.entries(fields).map(([name, text]) => ({
          name,
          ...Kept.parse(JSON.parse(text)),
        }));
        const gone = kept.filter(({ at }) => now - at > limits.metricsKeptMs).map(({ name }) => name);
        if (gone.length > 0) await connection.hdel(key, ...gone);
        return new Map(kept.flatMap(({ name, figures }) => (gone.includes(name) ? [] : [[name, figures]])));
      }),
  };
}
