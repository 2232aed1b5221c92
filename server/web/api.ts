// What the page asks over HTTP.

import type { BoardRow, BoardStore, PastGame, PastRound } from '../../core/past-game.ts';
import { askForRoom } from './client/new-room.ts';
import type { Failure, MadeRoom, Topics } from './client/wire.ts';
import { said, words } from './words.ts';

export type { BoardRow, PastGame, PastRound };
export type Boards = Awaited<ReturnType<BoardStore['boards']>>;

export type Answered<T> = { readonly ok: T } | { readonly problem: string };

async function ask<T>(path: string): Promise<Answered<T>> {
  try {
    const reply = await fetch(path);
    const body: T & { err?: Failure } = await reply.json();
    return reply.ok
      ? { ok: body }
      : { problem: body.err === undefined ? words.errors.unavailable : said(body.err) };
  } catch {
    return { problem: words.errors.unavailable };
  }
}

export const makeRoom = (settings: object): Promise<Answered<MadeRoom>> =>
  askForRoom('', settings).then(
    (made) => ('err' in made ? { problem: said(made.err) } : { ok: made }),
    () => ({ problem: words.errors.unavailable }),
  );

/** False only where the server says that there is none: whatever else goes wrong is told when one joins. */
export const isThere = (room: string): Promise<boolean> =>
  fetch(`/api/rooms/${encodeURIComponent(room)}`).then(
    ({ status }) => status !== 404,
    () => true,
  );
export const getTopics = () => ask<Topics>('/api/topics');
export const getBoards = () => ask<Boards>('/api/boards');
export const getGame = (game: string) => ask<PastGame>(`/api/games/${encodeURIComponent(game)}`);
