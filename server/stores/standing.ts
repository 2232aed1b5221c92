// Reads a document in whatever form it stands: what is written where JSON is refused stands as text, and
// stays so when JSON is allowed again.

import type { Valkey } from '../../streams/parts.ts';

export type Form = 'json' | 'hash' | 'string';

export interface Standing {
  readonly form: Form;
  /** Null where a hash has none. */
  readonly text: string | null;
  /** What a hash has beside it. */
  readonly vector: Buffer | null;
}

/** Null where nothing stands. Throws what the driver throws. */
export async function readStanding(connection: Valkey, key: string): Promise<Standing | null> {
  for (;;) {
    const type = await connection.type(key);
    try {
      return await readAs(connection, key, type);
    } catch (error) {
      // Put into another form between the two commands.
      if ((await connection.type(key)) === type) throw error;
    }
  }
}

// What no version of this program writes is as if it were not there.
const others = new Set(['none', 'list', 'set', 'zset', 'stream']);

async function readAs(connection: Valkey, key: string, type: string): Promise<Standing | null> {
  if (others.has(type)) return null;
  if (type === 'hash') {
    const [doc, vector] = await connection.hmgetBuffer(key, 'doc', 'embedding');
    return { form: 'hash', text: doc?.toString() ?? null, vector: vector ?? null };
  }
  const form = type === 'string' ? 'string' : 'json';
  const text = form === 'string' ? await connection.get(key) : await connection.call('JSON.GET', key);
  return typeof text === 'string' ? { form, text, vector: null } : null;
}
