// What the page asks over HTTP.

import type { Failure } from './client/wire.ts';
import { said, words } from './words.ts';

export interface BoardRow {
  readonly name: string;
  readonly score: number;
  readonly rounds: number;
  readonly game: string;
  readonly at: number;
}

export interface Boards {
  readonly today: readonly BoardRow[];
  readonly allTime: readonly BoardRow[];
}

export interface PastGame {
  readonly game: string;
  readonly endedAt: number;
  readonly playerCount: number;
  readonly entries: readonly {
    readonly playerId: string;
    readonly name: string;
    readonly score: number;
    readonly rank: number;
  }[];
  readonly rounds: readonly PastRound[];
}

export interface PastRound {
  readonly round: number;
  readonly question: string;
  readonly topic: string;
  readonly status: string;
  readonly result: {
    readonly truth: string;
    readonly explanation: string;
    readonly source: { readonly name: string; readonly url: string };
    readonly split: Readonly<Record<'FACT' | 'FAKE' | 'none', number>>;
  } | null;
}

export type Answered<T> = { readonly ok: T } | { readonly problem: string };

async function ask<T>(path: string, init: RequestInit = {}): Promise<Answered<T>> {
  try {
    const reply = await fetch(path, init);
    const body = (await reply.json()) as T & { err?: Failure };
    return reply.ok
      ? { ok: body }
      : { problem: body.err === undefined ? (words.errors['unavailable'] ?? '') : said(body.err) };
  } catch {
    return { problem: words.errors['unavailable'] ?? '' };
  }
}

const headers = { 'content-type': 'application/json' };

export const makeRoom = (settings: object) =>
  ask<{ room: string; hostToken: string }>('/api/rooms', {
    method: 'POST',
    headers,
    body: JSON.stringify(settings),
  });
export const getTopics = () => ask<{ topics: readonly string[] }>('/api/topics');
export const getBoards = () => ask<Boards>('/api/boards');
export const getGame = (game: string) => ask<PastGame>(`/api/games/${encodeURIComponent(game)}`);
