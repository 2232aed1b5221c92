// A game that is over, as it is kept for everybody to read: nothing in it is secret any more.

import type { Difficulty, Source, Truth } from './claim.ts';
import type { BoardEntry, Split } from './events.ts';
import type { GameId, RoomCode, RoundId } from './ids.ts';
import type { Settings } from './settings.ts';

export interface PastRound {
  readonly roundId: RoundId;
  readonly round: number;
  readonly question: string;
  readonly topic: string;
  readonly difficulty: Difficulty;
  readonly status: 'asked' | 'complete' | 'skipped' | 'voided';
  /** Null where the round never had one. */
  readonly result: {
    readonly truth: Truth;
    readonly explanation: string;
    readonly source: Source;
    readonly split: Split;
  } | null;
}

export interface PastGame {
  readonly game: GameId;
  readonly room: RoomCode;
  /** Played to try things out: kept, but on no board. */
  readonly trial: boolean;
  /** Moments in ms. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly settings: Pick<Settings, 'topic' | 'difficulty' | 'rounds' | 'seconds'>;
  /** The first of the board, best first. */
  readonly entries: readonly BoardEntry[];
  readonly playerCount: number;
  readonly rounds: readonly PastRound[];
}

/** One line of a board of all rooms. */
export interface BoardRow {
  readonly name: string;
  readonly score: number;
  readonly rounds: number;
  readonly game: GameId;
  /** Moment of the game's end in ms. */
  readonly at: number;
}

/** Past games and the boards over all of them. Throws Fault when the store is away. */
export interface HallOfFame {
  /**
   * Keeps a game and its players' places on the boards, instead of what an older `rev` of the same game left.
   * May run twice.
   */
  publish(game: PastGame, rev: number): Promise<void>;
  game(game: GameId): Promise<PastGame | null>;
  /** The best of today (UTC, by the store's clock) and of all time, best first. */
  boards(): Promise<{ readonly today: readonly BoardRow[]; readonly allTime: readonly BoardRow[] }>;
}
