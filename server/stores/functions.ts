// The functions of the game's own stores: presence, documents, memory and boards. A library apart from the
// engine's, so that a change to a board leaves `commit` as it is.

import { defineLibrary } from '../../streams/parts.ts';

const beside = (file: string): URL => new URL(file, import.meta.url);

export const storesLibrary = defineLibrary(
  'arena_stores',
  ['presence', 'documents', 'memory', 'boards', 'probe', 'unentered'].map((name) => beside(`${name}.lua`)),
  {
    ...{ touch: null, put_documents: null, remember: null, reshelve: null, publish: null, probe: null },
    expect: null,
  },
);

/** Calls a function of the game's own stores. Throws Fault. */
export const callStore = storesLibrary.call;
