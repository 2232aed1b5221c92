// Nearest questions by the server's Search module, in the syntax that its versions 1.0 and 1.2 share: one
// index per embedder's space, flat, so that it gives exactly the nearest.

import { Fault } from '../../streams/engine.ts';
import type { MemoryIndex, MemorySpace } from './memory.ts';
import { bytesOf, type Shelf } from './memory-question.ts';

const backfillLookMs = 20;
const backfillLooksMax = 500;

export function createSearchIndex(
  { connection, prefix, kind }: Shelf,
  { space, dimensions }: MemorySpace,
): MemoryIndex {
  const name = `memory_${space}`;
  const json = kind === 'json';
  const field = (path: string) => (json ? [`$.${path}`, 'AS', path] : [path]);

  async function create(): Promise<void> {
    const vector = ['VECTOR', 'FLAT', 6, 'TYPE', 'FLOAT32', 'DIM', dimensions, 'DISTANCE_METRIC', 'COSINE'];
    const schema = [...field('embedding'), ...vector, ...field('room'), 'TAG', ...field('space'), 'TAG'];
    const on = ['ON', json ? 'JSON' : 'HASH', 'PREFIX', 1, prefix];
    try {
      await connection.call('FT.CREATE', name, ...on, 'SCHEMA', ...schema);
    } catch (error) {
      // Another process was quicker.
      if (!/already exists/.test(String(error))) throw error;
    }
    await untilFilled();
  }

  /** A new index takes in what there is in the background; before that it finds too little. */
  async function untilFilled(): Promise<void> {
    for (let looks = 0; looks < backfillLooksMax; looks++) {
      const info = await connection.call('FT.INFO', name);
      const fields = Array.isArray(info) ? info.map(String) : [];
      if (fields[fields.indexOf('backfill_in_progress') + 1] === '0') return;
      await new Promise((resolve) => setTimeout(resolve, backfillLookMs));
    }
    throw new Fault('unavailable', `the index ${name} is still being filled`, { retryable: true });
  }

  return {
    async find({ embedding, room, count }) {
      const filter = room === null ? `@space:{${space}}` : `@space:{${space}} @room:{${room}}`;
      const query = `(${filter})=>[KNN ${count} @embedding $vector AS score]`;
      const parameters = [
        'PARAMS',
        2,
        'vector',
        bytesOf(embedding),
        'NOCONTENT',
        'LIMIT',
        0,
        count,
        'DIALECT',
        2,
      ];
      const search = () => connection.call('FT.SEARCH', name, query, ...parameters);
      const reply = await search().catch(async (error: unknown) => {
        if (!/Index with name '.*' not found/.test(String(error))) throw error;
        await create();
        return search();
      });
      return idsOf(reply, prefix);
    },
  };
}

/** A reply without content is the number of rows and their keys. */
function idsOf(reply: unknown, prefix: string): string[] {
  const [, ...keys] = Array.isArray(reply) ? reply.map(String) : [];
  return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
}
