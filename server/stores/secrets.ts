// Hashes of tokens and nonces to whom they belong. Written by the commit of a join alone; the secrets
// themselves are nowhere.

import type { Secrets } from '../../core/ports.ts';
import { orFault, type Valkey } from '../../streams/parts.ts';
import type { GameKeys } from './keys.ts';

export function createSecrets(connection: Valkey, keys: GameKeys): Secrets {
  return {
    ownerOf: (room, secretHash) => orFault(() => connection.hget(keys.of(room).tokens, secretHash)),
  };
}
