// A game that is over, as it is kept for all to read: nothing in it is secret any more.

import { z } from 'zod';
import { Difficulty, Source, Truth } from './claim.ts';
import { BoardEntry, Split } from './events.ts';
import { GameId, RoomCode, RoundId } from './ids.ts';
import { Settings } from './settings.ts';

const PastRound = z.object({
  roundId: RoundId,
  round: z.number(),
  question: z.string(),
  topic: z.string(),
  difficulty: Difficulty,
  status: z.enum(['asked', 'complete', 'skipped', 'voided']),
  /** Null where the round never had one. */
  result: z.object({ truth: Truth, explanation: z.string(), source: Source, split: Split }).nullable(),
});
export type PastRound = Readonly<z.infer<typeof PastRound>>;

/** As it is kept in the store, and given over HTTP. */
export const PastGame = z.object({
  game: GameId,
  room: RoomCode,
  /** Played to try things out: kept, but on no board. */
  trial: z.boolean(),
  /** Moments in ms. */
  startedAt: z.number(),
  endedAt: z.number(),
  settings: Settings.pick({ topic: true, difficulty: true, rounds: true, seconds: true }),
  /** The first of the board, best first. */
  entries: z.array(BoardEntry),
  playerCount: z.number(),
  rounds: z.array(PastRound),
});
type Kept = z.infer<typeof PastGame>;
export type PastGame = Readonly<Omit<Kept, 'entries' | 'rounds'>> & {
  readonly entries: readonly BoardEntry[];
  readonly rounds: readonly PastRound[];
};

/** One line of a board of all rooms. */
export const BoardRow = z.object({
  name: z.string(),
  score: z.number(),
  rounds: z.number(),
  game: GameId,
  /** Moment of the game's end in ms. */
  at: z.number(),
});
export type BoardRow = Readonly<z.infer<typeof BoardRow>>;

/** Past games and the boards over all of them. Throws Fault when the store is away. */
export interface BoardStore {
  /**
   * Keeps a game and its players' places on the boards, instead of what an older `rev` of the same game left.
   * Where there are too many games, the oldest are forgotten that stand on no board. May run twice.
   */
  publish(game: PastGame, rev: number): Promise<void>;
  game(game: GameId): Promise<PastGame | null>;
  /** The best of today (UTC, by the store's clock) and of all time, best first. */
  boards(): Promise<{ readonly today: readonly BoardRow[]; readonly allTime: readonly BoardRow[] }>;
}
