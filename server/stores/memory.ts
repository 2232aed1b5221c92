// The memory on Valkey: a document per question under `memory:question:<round>`, found again by the server's
// own search where it has one that proves itself, by comparing with every vector in this process otherwise.
// Both give the same neighbours.

import { z } from 'zod';
import { limits } from '../../core/limits.ts';
import type { Memory, Neighbour, Retractions } from '../../core/memory.ts';
import { orFault, type Valkey } from '../../streams/parts.ts';
import { callStore } from './functions.ts';
import type { GameKeys } from './keys.ts';
import { createExactIndex, type ExactIndex } from './memory-exact.ts';
import type { MemoryIndex, MemorySpace } from './memory-index.ts';
import { readQuestion, type Shelf, shelved, similarityOf } from './memory-question.ts';
import { searchIndexOn, trySearch } from './memory-search.ts';
import { createTrustedIndex } from './memory-trust.ts';
import { createJson, modulesOf, type Trial, type Trying } from './modules.ts';
import type { Form } from './standing.ts';

const Remembered = z.tuple([z.number(), z.string()]);

export function createMemory(
  connection: Valkey,
  keys: GameKeys,
  space: MemorySpace,
  trying: Trying = {},
): Memory {
  const names = keys.memory;
  const json = createJson(connection, keys, trying);
  const shelf: Shelf = { connection, prefix: names.question };
  const opener = createOpener(shelf, names.index(space.space), { space, json, trying });

  return {
    async rememberedTo(room, epoch) {
      const known = await orFault(() => connection.hget(names.rooms, room));
      const [knownEpoch, rev] = known?.split(' ') ?? [];
      return knownEpoch === epoch ? Number(rev) : 0;
    },
    async remember({ room, epoch, rev, questions }) {
      const { form } = await opener();
      const targets = questions.map(({ played }) => names.question + played.roundId);
      const rows = questions.flatMap(({ played, embedding }) => {
        const { text, vector } = shelved(played, { space: space.space, embedding, form });
        return [played.roundId, space.space, text, vector];
      });
      const args = [room, epoch, rev, form, limits.memoryQuestionsMax, names.question, ...rows];
      const places = [names.rooms, names.index(space.space), ...targets];
      const [, refusal] = Remembered.parse(await callStore(connection, 'remember', places, args));
      if (refusal !== '') json.refused(refusal);
    },
    async nearest({ embedding, room, count }) {
      const { index } = await opener();
      return orFault(async () => {
        const ids = await index.find({ embedding, room, count });
        const found = await Promise.all(ids.map((id) => neighbourOf(shelf, id, embedding)));
        return found
          .flatMap((neighbour) => (neighbour === null ? [] : [neighbour]))
          .sort((a, b) => b.similarity - a.similarity || (a.roundId < b.roundId ? -1 : 1));
      });
    },
  };
}

interface Opened {
  /** How a question is put. */
  readonly form: Form;
  readonly index: MemoryIndex;
}

interface Opening {
  readonly space: MemorySpace;
  readonly json: Trial;
  readonly trying: Trying;
}

/** What the server can do may change: with a reconnect, with the rights of our user. */
function createOpener(shelf: Shelf, key: string, { space, json, trying }: Opening) {
  const { connection } = shelf;
  let opened: (Opened & { readonly searches: boolean }) | null = null;
  return async (): Promise<Opened> => {
    const modules = await modulesOf(connection);
    // On a cluster an index holds one node's share, and its prefix may have no hash tag.
    const searches = modules.search && !shelf.prefix.startsWith('{');
    // A search over JSON needs both modules; alone it reads hashes.
    const form = (await json.usable()) ? 'json' : searches ? 'hash' : 'string';
    if (opened?.form === form && opened.searches === searches) return opened;
    // A new one: what could not be read may be readable now.
    const exact = createExactIndex(shelf, key);
    const index: MemoryIndex =
      searches && form !== 'string'
        ? createTrustedIndex(
            {
              exact,
              search: searchIndexOn(shelf, form, space),
              dimensions: space.dimensions,
              tryOut: () => trySearch(shelf, form, space.dimensions),
              tidy: () => reshelve(shelf, exact, form),
              open: () => opened?.index === index && connection.status !== 'end',
            },
            trying,
          )
        : exact;
    opened = { form, index, searches };
    return opened;
  };
}
/** What was kept as text while JSON was refused, or before there was a Search, is searched like the rest. */
async function reshelve(shelf: Shelf, exact: ExactIndex, form: 'json' | 'hash'): Promise<void> {
  const others = [...(await exact.all())].filter(([, entry]) => forms[entry.form] < forms[form]);
  for (const [id] of others) {
    const kept = await readQuestion(shelf, id);
    if (kept === null) continue;
    const { text, vector } = shelved(kept.played, { ...kept, form });
    const args = [form, text, vector, kept.played.room, kept.space];
    const refusal = await callStore(shelf.connection, 'reshelve', [shelf.prefix + id], args);
    if (refusal === '') exact.stands(id, form);
  }
}

// Never back: processes of several users, of which one may do more, would each undo what the other did.
const forms = { string: 0, hash: 1, json: 2 } as const;

async function neighbourOf(shelf: Shelf, id: string, embedding: Float32Array): Promise<Neighbour | null> {
  const kept = await readQuestion(shelf, id);
  if (kept === null) return null;
  return { ...kept.played, similarity: similarityOf(kept.embedding, embedding) };
}

export function createRetractions(connection: Valkey, keys: GameKeys): Retractions {
  const { retracted } = keys.memory;
  return {
    async add(factKeys) {
      if (factKeys.length === 0) return;
      await orFault(() => connection.sadd(retracted, ...factKeys));
    },
    async among(factKeys) {
      if (factKeys.length === 0) return new Set();
      const flags = await orFault(() => connection.smismember(retracted, ...factKeys));
      return new Set(factKeys.filter((_, index) => Number(flags[index]) === 1));
    },
  };
}
