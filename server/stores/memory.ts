// The memory on Valkey: a document per question under `memory:question:<round>`, found again by the server's
// own search where it has one, by comparing with every vector in this process otherwise. Both give the same
// neighbours.

import type { RoomCode } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import type { Memory, Retractions } from '../../core/memory.ts';
import { orFault, type Valkey } from '../../streams/engine.ts';
import { callStore } from './functions.ts';
import type { GameKeys } from './keys.ts';
import { createExactIndex } from './memory-exact.ts';
import { bytesOf, neighbourOf, type Shelf, type ShelfKind, textOf } from './memory-question.ts';
import { createSearchIndex } from './memory-search.ts';
import { type Modules, modulesOf } from './modules.ts';

export interface MemorySpace {
  readonly space: string;
  readonly dimensions: number;
}

/** Finds the ids of rounds whose questions are nearest, in any order. */
export interface MemoryIndex {
  find(query: { embedding: Float32Array; room: RoomCode | null; count: number }): Promise<readonly string[]>;
}

export function createMemory(connection: Valkey, keys: GameKeys, { space, dimensions }: MemorySpace): Memory {
  const names = keys.memory;
  let opened: { kind: ShelfKind; shelf: Shelf; index: MemoryIndex } | null = null;
  const open = async () => {
    const modules = await modulesOf(connection);
    const kind = kindFor(modules);
    if (opened?.kind === kind) return opened;
    const shelf = { connection, prefix: names.question, kind };
    // On a cluster an index holds one node's share, and its prefix may have no hash tag.
    const searches = modules.search && !names.question.startsWith('{');
    const index = searches
      ? createSearchIndex(shelf, { space, dimensions })
      : createExactIndex(shelf, names.index(space));
    opened = { kind, shelf, index };
    return opened;
  };

  return {
    async rememberedTo(room, epoch) {
      const known = await orFault(() => connection.hget(names.rooms, room));
      const [knownEpoch, rev] = known?.split(' ') ?? [];
      return knownEpoch === epoch ? Number(rev) : 0;
    },
    async remember({ room, epoch, rev, questions }) {
      const { shelf } = await open();
      const targets = questions.map(({ played }) => names.question + played.roundId);
      const rows = questions.flatMap(({ played, embedding }) => [
        played.roundId,
        space,
        textOf(played, { space, embedding: shelf.kind === 'hash' ? null : embedding }),
        bytesOf(embedding),
      ]);
      const args = [room, epoch, rev, shelf.kind, limits.memoryQuestionsMax, names.question, ...rows];
      await callStore(connection, 'remember', [names.rooms, names.index(space), ...targets], args);
    },
    async nearest({ embedding, room, count }) {
      const { shelf, index } = await open();
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

/** A search over JSON needs both modules; alone it reads hashes. */
function kindFor({ json, search }: Modules): ShelfKind {
  if (json) return 'json';
  return search ? 'hash' : 'string';
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
