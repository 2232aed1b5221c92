// `game:leaderboard:<room>`: the whole board as of the last LEADERBOARD_UPDATE or GAME_OVER, best first.

import type { BoardEntry } from '../core/events.ts';
import { boardOf, onBoard } from '../core/scoring.ts';
import type { Projection } from './projection.ts';

interface Board {
  readonly game: string | null;
  readonly round: number | null;
  readonly entries: readonly BoardEntry[];
  readonly playerCount: number;
}

const empty: Board = { game: null, round: null, entries: [], playerCount: 0 };

export const leaderboard: Projection<Board> = {
  initial: empty,
  evolve(board, event, after) {
    const { game, round } = event;
    if (event.type === 'GAME_START') return { ...empty, game, round };
    if (event.type === 'ROUND_VOIDED') {
      const entries = boardOf(onBoard(after));
      return { ...board, entries, playerCount: entries.length };
    }
    if (event.type !== 'LEADERBOARD_UPDATE' && event.type !== 'GAME_OVER') return board;
    // The event names the first ten with their changes; those after them are taken from the fold.
    const { entries: first, playerCount } = event.data;
    const rest = boardOf(onBoard(after)).slice(first.length);
    return { game, round: round ?? board.round, entries: [...first, ...rest], playerCount };
  },
  documents: (board, room) => new Map([[`game:leaderboard:${room.room}`, board]]),
};
