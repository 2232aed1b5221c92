// What the page asks over HTTP.

import type { BoardRow, HallOfFame, PastGame, PastRound } from '../../core/past-game.ts';
import type { Failure } from './client/wire.ts';
import { said, words } from './words.ts';

export type { BoardRow, PastGame, PastRound };
export type Boards = Awaited<ReturnType<HallOfFame['boards']>>;

export type Answered<T> = { readonly ok: T } | { readonly problem: string };

async function ask<T>(path: string, init: RequestInit = {}): Promise<Answered<T>> {
  try {
    const reply = await fetch(path, init);
    const body = (await reply.json()) as T & { err?: Failure };
    return reply.ok
      ? { ok: body }
      : { problem: body.err === undefined ? words.errors.unavailable : said(body.err) };
  } catch {
    return { problem: words.errors.unavailable };
  }
}

const headers = { 'content-type': 'application/json' };

export const makeRoom = (settings: object) =>
  ask<{ room: string; hostToken: string }>('/api/rooms', {
    method: 'POST',
    headers,
    body: JSON.stringify(settings),
  });
/** False only where the server says that there is none: whatever else goes wrong is told when one joins. */
export const isThere = (room: string): Promise<boolean> =>
  fetch(`/api/rooms/${encodeURIComponent(room)}`).then(
    ({ status }) => status !== 404,
    () => true,
  );
export const getTopics = () => ask<{ topics: readonly string[]; any: boolean }>('/api/topics');
export const getBoards = () => ask<Boards>('/api/boards');
export const getGame = (game: string) => ask<PastGame>(`/api/games/${encodeURIComponent(game)}`);
