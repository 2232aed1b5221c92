// The table of contents of everything that can happen, as zod schemas. Written through `commit` alone, read
// by every fold. Events are for ever: fields may be added as optional ones, never renamed; `upcasters.ts`
// lifts old versions.

import { z } from 'zod';
import { Candidate, Difficulty, Draft, Origin, Source, Truth, Verdict } from './claim.ts';
import { CycleId, Epoch, GameId, PlayerId, RoomCode, RoundId } from './ids.ts';
import { limits } from './limits.ts';
import { Pace, Settings } from './settings.ts';

const name = z.string().min(1).max(limits.nameCharsMax);
const look = z.string().max(limits.looksCharsMax);
const reason = z.string().max(limits.reportReasonCharsMax);
const score = z.int().nonnegative();
const ms = z.int().nonnegative();

/** One row of a board. Ties share a rank; `change` is places won (+) or lost (-) since the board before. */
export const BoardEntry = z.object({
  playerId: PlayerId,
  name,
  score,
  rank: z.int().positive(),
  change: z.int(),
});
export type BoardEntry = z.infer<typeof BoardEntry>;

/** What a round did to one player. `answer: null` is no answer; `elapsedMs` counts from the opening. */
export const PlayerResult = z.object({
  playerId: PlayerId,
  answer: Truth.nullable(),
  correct: z.boolean(),
  points: score,
  score,
  streak: z.int().nonnegative(),
  rank: z.int().positive(),
  elapsedMs: ms.nullable(),
});
export type PlayerResult = z.infer<typeof PlayerResult>;

export const Split = z.object({ FACT: score, FAKE: score, none: score });
export type Split = z.infer<typeof Split>;

const player = { playerId: PlayerId, name };

/** The data of each event type, version 1. Durations (`…Ms`) count from the event's own `at`. */
export const eventData = {
  ROOM_CREATED: z.object({
    epoch: Epoch,
    settings: Settings,
    pace: Pace,
    /** A room to try things out in: its games stand on no board of all rooms. */
    trial: z.boolean().optional(),
  }),
  SETTINGS_CHANGED: z.object({ settings: Settings }),
  PLAYER_JOINED: z.object({
    ...player,
    nameKey: name,
    /** What the name looks like; older events lack it. */
    looks: z.object({ exact: look, folded: look }).optional(),
  }),
  PLAYER_LEFT: z.object(player),
  PLAYER_KICKED: z.object({ ...player, banned: z.boolean() }),
  GAME_START: z.object({ settings: Settings }),
  START_ROUND: z.object({
    slot: z.int().positive(),
    attempt: z.int().positive(),
    topic: z.string().max(limits.topicCharsMax),
    difficulty: Difficulty,
    truthWanted: Truth,
    stageMs: ms,
  }),
  RESEARCH_DONE: z.object({
    candidates: z.array(Candidate).min(1).max(limits.candidatesMax),
    origin: Origin,
    stageMs: ms,
  }),
  DRAFT_READY: z.object({ draft: Draft, candidate: Candidate, origin: Origin, stageMs: ms }),
  VALIDATION_COMPLETE: z.object({
    approved: z.boolean(),
    reason: reason.nullable(),
    verdict: Verdict.nullable(),
    origin: Origin,
  }),
  NEW_QUESTION: z.object({
    question: z.string(),
    topic: z.string(),
    difficulty: Difficulty,
    rounds: z.int().positive(),
    leadMs: ms,
    answerMs: ms.nullable(),
  }),
  ANSWER_SUBMITTED: z.object({ playerId: PlayerId, answer: Truth }),
  ROUND_CLOSED: z.object({ reason: z.enum(['deadline', 'all_answered', 'host']) }),
  ROUND_RESULT: z.object({
    /** What was asked; older events lack it. */
    question: z.string().optional(),
    truth: Truth,
    explanation: z.string(),
    source: Source,
    confidence: z.number(),
    factKey: z.string(),
    split: Split,
    origin: Origin.pick({ provider: true, model: true }),
    results: z.array(PlayerResult).max(limits.playersMax),
  }),
  LEADERBOARD_UPDATE: z.object({ entries: z.array(BoardEntry), playerCount: score }),
  ROUND_COMPLETE: z.object({ rounds: z.int().positive(), intermissionMs: ms.nullable() }),
  ROUND_EXTENDED: z.object({ ms }),
  ROUND_SKIPPED: z.object({ reason, intermissionMs: ms.nullable() }),
  ROUND_VOIDED: z.object({
    reason,
    factKey: z.string(),
    points: z.array(z.object({ playerId: PlayerId, points: score })),
  }),
  GAME_PAUSED: z.object({ reason: z.enum(['host', 'idle', 'fault']), remainingMs: ms.nullable() }),
  GAME_RESUMED: z.object({}),
  CLAIM_REPORTED: z.object({ playerId: PlayerId, reason }),
  GAME_OVER: z.object({
    reason: z.enum(['finished', 'host']),
    podium: z.array(z.array(BoardEntry)),
    entries: z.array(BoardEntry),
    playerCount: score,
  }),
} as const;

export type EventType = keyof typeof eventData;
export const eventTypes = Object.keys(eventData) as EventType[];
export type EventData<T extends EventType> = z.infer<(typeof eventData)[T]>;

/** Events that leave the turn as it is: they never make a deciding commit start again. */
export const quietTypes: ReadonlySet<EventType> = new Set(['ANSWER_SUBMITTED']);

/** Events about one cycle: they carry its id, and its trace. */
export const roundTypes: ReadonlySet<EventType> = new Set([
  'START_ROUND',
  'RESEARCH_DONE',
  'DRAFT_READY',
  'VALIDATION_COMPLETE',
  'NEW_QUESTION',
  'ROUND_CLOSED',
  'ROUND_RESULT',
  'ROUND_COMPLETE',
  'ROUND_EXTENDED',
  'ROUND_SKIPPED',
]);

export const agentNames = ['researcher', 'writer', 'editor', 'game-master'] as const;

/** Of an agent of one's own, in `own:<name>` and as the name of its group. */
export const ownAgentName = /^[a-z][a-z0-9-]{0,30}$/;

/** Who may write. */
export const Author = z.union([
  z.enum(['server', ...agentNames, 'operator']),
  z.templateLiteral(['own:', z.string().regex(ownAgentName)]),
]);
export type Author = z.infer<typeof Author>;

/** What an event is about; null where it is about none. */
export interface EventScope {
  readonly game: GameId | null;
  readonly round: number | null;
  readonly cycleId: CycleId | null;
  readonly roundId: RoundId | null;
}

type OfType<T extends EventType, Rest> = T extends EventType
  ? Readonly<{ type: T; data: EventData<T> } & Rest>
  : never;

/** An event as `decide` returns it: not yet written, without id, moment or author. */
export type NewEvent<T extends EventType = EventType> = OfType<T, EventScope>;

export interface Stamp {
  /** A ulid. */
  readonly id: string;
  readonly v: number;
  readonly room: RoomCode;
  readonly by: Author;
  readonly causationId: string | null;
  readonly key: string | null;
  readonly traceparent: string;
  /** Of the request that asked for it, where its sender gave it a key. */
  readonly intent?: { readonly key: string; readonly content: string } | undefined;
}

/** An event on its way into the log: all but `rev` and `at`, which the log gives. */
export type Envelope<T extends EventType = EventType> = OfType<T, EventScope & Stamp>;

/** An event as the log keeps it. `rev` is gapless from 1 in its room, `at` is the log's clock in ms. */
export type RecordedEvent<T extends EventType = EventType> = OfType<
  T,
  EventScope & Stamp & { readonly rev: number; readonly at: number }
>;

/** The fields of the envelope that are the game's own. */
export const eventScope = z.object({
  room: RoomCode,
  game: GameId.nullable(),
  round: z.int().nonnegative().nullable(),
  cycleId: CycleId.nullable(),
  roundId: RoundId.nullable(),
  by: Author,
});
