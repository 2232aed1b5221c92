// Hashes of tokens and nonces to whom they belong. Written by the commit of a join alone; the secrets
// themselves are nowhere.

import type { Secrets } from '../core/ports.ts';
import { asFault, type Valkey } from './connection.ts';
import type { Keys } from './keys.ts';

export function createSecrets(connection: Valkey, keys: Keys): Secrets {
  return {
    async ownerOf(room, secretHash) {
      try {
        return await connection.hget(keys.of(room).tokens, secretHash);
      } catch (error) {
        throw asFault(error);
      }
    },
  };
}
