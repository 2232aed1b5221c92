// A Valkey with an open store, for a file whose tests need no more and keep out of each other's way by names.

import { afterAll, beforeAll } from 'vitest';
import { openStore, type Store } from '../../streams/engine.ts';
import { startTestValkey, type TestValkey } from './valkey.ts';

/** Called once at the top of a file; both are there in its tests. */
export function storeForAll(): { readonly store: Store; readonly valkey: TestValkey } {
  let valkey: TestValkey;
  let store: Store;
  beforeAll(async () => {
    valkey = await startTestValkey();
    store = await openStore(valkey.url, AbortSignal.timeout(10_000));
  });
  afterAll(async () => {
    store.close();
    await valkey.stop();
  });
  return {
    get store() {
      return store;
    },
    get valkey() {
      return valkey;
    },
  };
}
