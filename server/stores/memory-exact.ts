// Nearest questions by comparing with every one. The vectors are kept in this process and brought up to date
// before each search by what was remembered since: three small commands when nothing was.

import type { RoomCode } from '../../core/ids.ts';
import type { MemoryIndex, Query } from './memory-index.ts';
import { readQuestion, type Shelf, similarityOf } from './memory-question.ts';
import type { Form } from './standing.ts';

export interface Entry {
  readonly order: number;
  readonly room: RoomCode;
  readonly embedding: Float32Array;
  readonly form: Form;
}

/** As `find`, with how near each one is. */
export type Near = readonly { readonly id: string; readonly similarity: number }[];

export interface ExactIndex extends MemoryIndex {
  near(query: Query): Promise<Near>;
  /** Every question that can be found now, by the id of its round. */
  all(): Promise<ReadonlyMap<string, Entry>>;
  /** How near a question is that was found before; null for one that is not known. */
  similarity(id: string, embedding: Float32Array): number | null;
  /** That a question was put into another form. */
  stands(id: string, form: Form): void;
}

const readAtOnce = 200;

/** `key` of the sorted set that says what there is, in the order in which it came. */
export function createExactIndex(shelf: Shelf, key: string): ExactIndex {
  const entries = new Map<string, Entry>();
  const catchUp = catchingUp(shelf, key, entries);
  let looking: Promise<void> | null = null;

  /** Searches that come together share one look. */
  async function all(): Promise<ReadonlyMap<string, Entry>> {
    looking ??= catchUp().finally(() => {
      looking = null;
    });
    await looking;
    return entries;
  }

  async function near({ embedding, room, count }: Query): Promise<Near> {
    const found: { id: string; similarity: number }[] = [];
    for (const [id, entry] of await all()) {
      if (room !== null && entry.room !== room) continue;
      found.push({ id, similarity: similarityOf(entry.embedding, embedding) });
    }
    return found.sort((a, b) => b.similarity - a.similarity).slice(0, count);
  }

  return {
    all,
    near,
    find: async (query) => (await near(query)).map(({ id }) => id),
    similarity(id, embedding) {
      const entry = entries.get(id);
      return entry === undefined ? null : similarityOf(entry.embedding, embedding);
    },
    stands(id, form) {
      const entry = entries.get(id);
      if (entry !== undefined) entries.set(id, { ...entry, form });
    },
  };
}

function catchingUp(shelf: Shelf, key: string, entries: Map<string, Entry>): () => Promise<void> {
  const { connection } = shelf;
  // The last question that was read, and its place in the order.
  let reached = 0;
  let last = '';
  const orderAt = async (rank: number) =>
    Number((await connection.zrange(key, rank, rank, 'WITHSCORES'))[1] ?? 0);

  async function readPage(): Promise<boolean> {
    const from = ['BYSCORE', 'LIMIT', 0, readAtOnce, 'WITHSCORES'] as const;
    const page = await connection.zrange(key, `(${reached}`, '+inf', ...from);
    const rows = page.flatMap((id, index) =>
      index % 2 === 0 ? [{ id, order: Number(page[index + 1]) }] : [],
    );
    const kept = await Promise.all(rows.map(({ id }) => readQuestion(shelf, id)));
    for (const [index, { id, order }] of rows.entries()) {
      const question = kept[index];
      if (question) {
        const { embedding, form, played } = question;
        entries.set(id, { order, room: played.room, embedding, form });
      }
      reached = order;
      last = id;
    }
    return rows.length > 0;
  }

  return async () => {
    const [oldest, newest] = [await orderAt(0), await orderAt(-1)];
    // Another one at its place, or none: this is another memory, or it was emptied.
    if (reached > 0 && (await connection.zrange(key, reached, reached, 'BYSCORE'))[0] !== last) {
      entries.clear();
      reached = 0;
    }
    for (const [id, { order }] of entries) {
      if (order >= oldest) break;
      entries.delete(id);
    }
    while (reached < newest && (await readPage()));
  };
}
