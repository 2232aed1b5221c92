// What a room is, by phase: a union, so that a rule cannot touch what its phase does not have. Produced by
// `evolve` alone. Immutable: every step gives a new value and shares what did not change.

import type { Answers } from './answers.ts';
import type { Candidate, Difficulty, Origin, Spent, Truth, Verdict } from './claim.ts';
import type { BoardEntry } from './events.ts';
import type { CycleId, Epoch, GameId, RoomCode, RoundId } from './ids.ts';
import type { Player, Players } from './players.ts';
import type { Pace, Settings } from './settings.ts';

/** One claim being prepared. A slot keeps its number through attempts; each attempt has its own cycle. */
export interface Preparation {
  readonly slot: number;
  readonly cycleId: CycleId;
  readonly attempt: number;
  readonly topic: string;
  readonly difficulty: Difficulty;
  readonly truthWanted: Truth;
  /** Trace of this cycle: what becomes of it belongs to the same one. */
  readonly traceparent: string;
  readonly work: Work;
}

/** How far a cycle has come. `dueAt` (ms): when the stage counts as failed. */
export type Work =
  | { readonly stage: 'research'; readonly dueAt: number }
  | {
      readonly stage: 'draft';
      readonly dueAt: number;
      readonly candidates: readonly Candidate[];
      readonly origin: Origin;
    }
  | {
      readonly stage: 'review';
      readonly dueAt: number;
      readonly question: string;
      readonly candidate: Candidate;
      readonly origin: Origin;
    }
  | { readonly stage: 'ready'; readonly claim: JudgedClaim }
  | { readonly stage: 'rejected'; readonly reason: string };

/** A claim whose truth is known. Holds the secret: never sent to anybody before its round has a result. */
export interface JudgedClaim {
  readonly question: string;
  readonly topic: string;
  readonly difficulty: Difficulty;
  readonly factKey: string;
  readonly verdict: Verdict;
  readonly origin: Origin;
}

/**
 * The question on screen. Moments in ms of the log's clock; `closesAt` is deadline plus grace, or the cap.
 */
export interface Question {
  readonly roundId: RoundId;
  readonly cycleId: CycleId;
  readonly openedRev: number;
  readonly opensAt: number;
  readonly deadline: number | null;
  readonly closesAt: number;
  /** Stretches in which the clock stood still after the opening. */
  readonly pauses: readonly { readonly from: number; readonly to: number }[];
  readonly traceparent: string;
  readonly claim: JudgedClaim;
  readonly answers: Answers;
}

interface RoomBase {
  readonly room: RoomCode;
  readonly epoch: Epoch;
  readonly settings: Settings;
  readonly pace: Pace;
  /** Its games stand on no board of all rooms, and teach the memory nothing. */
  readonly trial: boolean;
  readonly players: Players;
  /** Names that may not come back. */
  readonly banned: ReadonlySet<string>;
  readonly preparing: readonly Preparation[];
  /** Slots given out so far. */
  readonly slots: number;
  /** Claims that were requested and then not wanted: the host chose another topic or difficulty. */
  readonly thrownAway: number;
  /** Facts asked in this room, oldest first, bounded. */
  readonly asked: readonly string[];
  /** Facts that an operator took back: never asked here again, however long ago it was. */
  readonly retracted: ReadonlySet<string>;
  /** Rounds shown in this room, oldest first, bounded, so that an unknown id can be told from an old one. */
  readonly shown: ReadonlySet<RoundId>;
  /** Share of right answers in the last rounds, newest last, 0..1. */
  readonly accuracy: readonly number[];
  /** How many shown claims were FACT, and how many FAKE. */
  readonly truths: Readonly<Record<Truth, number>>;
  /** The game that ran last or runs now. */
  readonly game: GameId | null;
  /** What models have cost since the last game ended. */
  readonly spent: Spent;
  /** The question shown last in this game. */
  readonly lastRoundId: RoundId | null;
  /** Rounds of this game that have a result and were not taken back. */
  readonly counted: readonly { readonly roundId: RoundId; readonly openedRev: number }[];
  /** The round whose result is on screen until the next question. */
  readonly resultOf: RoundId | null;
}

export interface Lobby extends RoomBase {
  readonly phase: 'lobby';
}

/** Between questions. `nextAt` null: the host decides when to go on. */
export interface Waiting extends RoomBase {
  readonly phase: 'waiting';
  readonly game: GameId;
  readonly round: number;
  readonly nextAt: number | null;
}

export interface Asking extends RoomBase {
  readonly phase: 'question';
  readonly game: GameId;
  readonly round: number;
  readonly question: Question;
}

export interface Closed extends RoomBase {
  readonly phase: 'closed';
  readonly game: GameId;
  readonly round: number;
  readonly question: Question;
}

/** The clock stands still. `was` is what goes on at GAME_RESUMED. */
export interface Paused extends RoomBase {
  readonly phase: 'paused';
  readonly game: GameId;
  readonly round: number;
  readonly reason: 'host' | 'idle' | 'fault';
  readonly pausedAt: number;
  readonly remainingMs: number | null;
  readonly was:
    | { readonly phase: 'waiting'; readonly nextAt: number | null }
    | { readonly phase: 'question'; readonly question: Question };
}

export interface Over extends RoomBase {
  readonly phase: 'over';
  readonly game: GameId;
  readonly round: number;
  readonly podium: readonly (readonly BoardEntry[])[];
}

/** Before ROOM_CREATED. */
export interface NoRoom {
  readonly phase: 'none';
}

export type Room = Lobby | Waiting | Asking | Closed | Paused | Over;
export type State = NoRoom | Room;

/** The epoch of a room, or null where there is none. */
export function epochOf(state: State): Epoch | null {
  return state.phase === 'none' ? null : state.epoch;
}

/** Players who belong to the room, in the order in which they came. */
export function membersOf(room: Room): Player[] {
  return room.players.values().filter((player) => player.gone === null);
}

/**
 * Whether the room is anybody's yet: a player sits in it, or a game was started. Until then nothing is
 * prepared, for claims cost money, and a room is made by one anonymous request.
 */
export function isEntered(room: Room): boolean {
  return room.phase !== 'lobby' || room.players.memberCount > 0;
}

/** Players who may answer the question: those who were there before it was asked. */
export function eligiblePlayers(room: Room, question: Question): Player[] {
  return room.players.values().filter((player) => isEligible(player, question));
}

export function isEligible({ gone, joinedRev }: Player, { openedRev }: Question): boolean {
  return gone === null && joinedRev < openedRev;
}

/** The question that has no result yet, on screen or held by a pause. */
export function questionOf(room: Room): Question | null {
  if (room.phase === 'question' || room.phase === 'closed') return room.question;
  return room.phase === 'paused' && room.was.phase === 'question' ? room.was.question : null;
}

/** The round of the running game that was asked last; 0 before the first. */
export function roundOf(room: Room): number {
  return room.phase === 'lobby' ? 0 : room.round;
}

/** Between a question's appearance and its result. */
export function hasQuestion(room: Room): room is Asking | Closed | Paused {
  return questionOf(room) !== null;
}

/** Rounds of the running game that are still to be asked; in the lobby all of the next game. */
export function roundsLeft(room: Room): number {
  switch (room.phase) {
    case 'lobby':
      return room.settings.rounds;
    case 'over':
      return 0;
    default:
      return Math.max(0, room.settings.rounds - room.round);
  }
}

/** Facts that a new claim must not be about: asked before, taken back, or on their way. */
export function factsTaken(room: Room): Set<string> {
  const taken = new Set([...room.retracted, ...room.asked]);
  for (const { work } of room.preparing) {
    if (work.stage === 'review') taken.add(work.candidate.factKey);
    if (work.stage === 'ready') taken.add(work.claim.factKey);
  }
  return taken;
}
