// A random secret that the servers of one store share. What is worked out with it from the secret of a client
// is the same at every server, and cannot be guessed from what came of it.

import { orFault, type Valkey } from '../../streams/parts.ts';
import type { GameKeys } from './keys.ts';

/** Made at its first use. Throws Fault when the store is away. */
export function createPepper(
  connection: Valkey,
  { pepper }: Pick<GameKeys, 'pepper'>,
  fresh: () => string,
): () => Promise<string> {
  let known: string | null = null;
  return async () => {
    if (known !== null) return known;
    await orFault(() => connection.set(pepper, fresh(), 'NX'));
    known = await orFault(() => connection.get(pepper));
    if (known === null) throw new Error('the pepper that was just written is gone');
    return known;
  };
}
