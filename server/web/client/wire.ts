// What the server says, as a client reads it. Types only: a client ignores what it does not know, so nothing
// is refused here.

export type Answer = 'FACT' | 'FAKE';

export interface Question {
  readonly roundId: string;
  readonly round: number;
  readonly rounds: number;
  readonly question: string;
  readonly topic: string;
  readonly difficulty: string;
  readonly opensAt: number;
  readonly deadline: number | null;
}

export interface Result {
  readonly roundId: string;
  readonly round: number;
  /** What was asked; null in games of before it was told. */
  readonly question: string | null;
  readonly truth: Answer;
  readonly explanation: string;
  readonly source: { readonly name: string; readonly url: string };
  readonly confidence: number;
  readonly split: Readonly<Record<Answer | 'none', number>>;
  readonly origin: { readonly provider: string; readonly model: string };
}

export interface You {
  readonly roundId: string | null;
  readonly answer: Answer | null;
  readonly correct: boolean | null;
  readonly points: number;
  readonly score: number;
  readonly streak: number;
  readonly rank: number;
  /** Places won (+) or lost (-) since the board before. */
  readonly change: number;
  /** Right answers in this game, of so many rounds. */
  readonly right: number;
  readonly counted: number;
}

export interface Entry {
  readonly playerId: string;
  readonly name: string;
  readonly score: number;
  readonly rank: number;
  readonly change: number;
}

export interface Member {
  readonly playerId: string;
  readonly name: string;
}

export interface Settings {
  readonly topic: string | null;
  readonly difficulty: string;
  readonly rounds: number;
  readonly seconds: number | null;
  readonly streaks: boolean;
  readonly speedPoints: boolean;
  readonly autoAdvance: boolean;
  readonly locked: boolean;
}

/** The whole public state of a room. */
export interface RoomState {
  readonly room: string;
  readonly phase: 'lobby' | 'waiting' | 'question' | 'over';
  readonly closed: boolean;
  readonly game: string | null;
  readonly settings: Settings;
  readonly round: number;
  readonly rounds: number;
  readonly question: Question | null;
  /** The question shown last in this game. */
  readonly lastRoundId: string | null;
  readonly result: Result | null;
  readonly entries: readonly Entry[];
  readonly playerCount: number;
  readonly players: readonly Member[];
  readonly paused: { readonly reason: string; readonly remainingMs: number | null } | null;
  readonly nextAt: number | null;
  readonly podium: readonly (readonly Entry[])[] | null;
  readonly nextReady: boolean;
  readonly you: You | null;
  readonly yourAnswer: Answer | null;
  /** May answer the question that is asked now. */
  readonly eligible: boolean;
}

export interface JoinReply {
  readonly role: 'player' | 'host' | 'screen';
  readonly playerId: string | null;
  readonly token: string | null;
  readonly epoch: string;
  readonly s: number;
  readonly recovered: boolean;
  readonly state: RoomState | null;
  readonly you: You | null;
  readonly serverTime: number;
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly retry: boolean;
  /** Which of several reasons for the same code. */
  readonly reason?: string;
}

/** A room event (with `s`), `you`, or a volatile message. */
export interface Message {
  readonly t: string;
  readonly s?: number;
  readonly at?: number;
  readonly d: Readonly<Record<string, unknown>>;
}

export type Reply = { readonly ok: Readonly<Record<string, unknown>> } | { readonly err: Failure };
