// What every function for operators takes first: an opened stream, or the three parts of it that they need.

import type { Valkey } from '../valkey/connection.ts';
import type { Keys } from '../valkey/keys.ts';

/** `openStream` gives one, and `engine.stream(orders).opened` is one. */
export interface Administered {
  readonly commands: Valkey;
  readonly keys: Keys;
  readonly definition: { readonly idField: string };
}
