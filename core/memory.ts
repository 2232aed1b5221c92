// What the game remembers of questions beyond one room's log, and what it needs to find them again. The
// memory keeper fills it, researchers and game masters ask it; `streams` keeps it, `agents` embed.

import type { Difficulty, Truth } from './claim.ts';
import type { RoomCode, RoundId } from './ids.ts';

/** A question whose round has a result. `accuracy` is the share of right answers, null if none counts. */
export interface PlayedQuestion {
  readonly roundId: RoundId;
  readonly room: RoomCode;
  /** Moment of the result in ms. */
  readonly at: number;
  readonly question: string;
  readonly topic: string;
  readonly difficulty: Difficulty;
  readonly truth: Truth;
  readonly factKey: string;
  readonly accuracy: number | null;
}

/** `similarity` is the cosine, -1 to 1. */
export interface Neighbour extends PlayedQuestion {
  readonly similarity: number;
}

/**
 * Makes texts comparable. Vectors of one `space` (lower-case letters, digits and underscores: provider, model
 * and version) may be compared with each other and with no others; they have unit length.
 */
export interface Embedder {
  readonly space: string;
  readonly dimensions: number;
  /** One vector per text, in their order. Throws Fault, or the signal's reason when aborted. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]>;
}

/** What a room has played since it was looked at last. `rev` is the revision that this reaches to. */
export interface Remembered {
  readonly room: RoomCode;
  readonly epoch: string;
  readonly rev: number;
  readonly questions: readonly { readonly played: PlayedQuestion; readonly embedding: Float32Array }[];
}

/** Of one embedder's space. Every method throws Fault when the store is away, and may run twice. */
export interface Memory {
  /** The revision that a room is remembered to; 0 for one never seen. */
  rememberedTo(room: RoomCode, epoch: string): Promise<number>;
  /** Keeps the questions for good, or until `limits.memoryQuestionsMax` newer ones have come. */
  remember(remembered: Remembered): Promise<void>;
  /** The nearest questions of a room, or of all rooms (null), nearest first. */
  nearest(query: {
    readonly embedding: Float32Array;
    readonly room: RoomCode | null;
    readonly count: number;
  }): Promise<readonly Neighbour[]>;
}

/** Facts that operators took back, in whatever room. Throws Fault when the store is away; may run twice. */
export interface Retractions {
  add(factKeys: readonly string[]): Promise<void>;
  /** Those of the given facts that were taken back. */
  among(factKeys: readonly string[]): Promise<ReadonlySet<string>>;
}
