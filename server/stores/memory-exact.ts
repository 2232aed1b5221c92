// Nearest questions by comparing with every one. The vectors are kept in this process and brought up to date
// before each search by what was remembered since: three small commands when nothing was.

import type { RoomCode } from '../../core/ids.ts';
import type { MemoryIndex } from './memory.ts';
import { readQuestion, type Shelf, similarityOf } from './memory-question.ts';

interface Entry {
  readonly order: number;
  readonly room: RoomCode;
  readonly embedding: Float32Array;
}

const readAtOnce = 200;

/** `key` of the sorted set that says what there is, in the order in which it came. */
export function createExactIndex(shelf: Shelf, key: string): MemoryIndex {
  const entries = new Map<string, Entry>();
  let reached = 0;
  let catchingUp: Promise<void> | null = null;

  async function catchUp(): Promise<void> {
    const { connection } = shelf;
    const [oldest, newest] = [
      Number((await connection.zrange(key, 0, 0, 'WITHSCORES'))[1] ?? 0),
      Number((await connection.zrange(key, -1, -1, 'WITHSCORES'))[1] ?? 0),
    ];
    // Fewer than we know: this is another memory, or it was emptied.
    if (newest < reached) {
      entries.clear();
      reached = 0;
    }
    for (const [id, { order }] of entries) {
      if (order >= oldest) break;
      entries.delete(id);
    }
    while (reached < newest) {
      const page = await connection.zrange(
        key,
        `(${reached}`,
        '+inf',
        'BYSCORE',
        'LIMIT',
        0,
        readAtOnce,
        'WITHSCORES',
      );
      const rows = page.flatMap((id, index) =>
        index % 2 === 0 ? [{ id, order: Number(page[index + 1]) }] : [],
      );
      const kept = await Promise.all(rows.map(({ id }) => readQuestion(shelf, id)));
      for (const [index, { id, order }] of rows.entries()) {
        const question = kept[index];
        if (question) entries.set(id, { order, room: question.played.room, embedding: question.embedding });
        reached = order;
      }
      if (rows.length === 0) break;
    }
  }

  return {
    async find({ embedding, room, count }) {
      // Searches that come together share one look.
      catchingUp ??= catchUp().finally(() => {
        catchingUp = null;
      });
      await catchingUp;
      const near: { id: string; similarity: number }[] = [];
      for (const [id, entry] of entries) {
        if (room !== null && entry.room !== room) continue;
        near.push({ id, similarity: similarityOf(entry.embedding, embedding) });
      }
      return near
        .sort((a, b) => b.similarity - a.similarity)
        .slice(0, count)
        .map(({ id }) => id);
    },
  };
}
