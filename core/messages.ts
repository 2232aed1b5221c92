// What the server says, as schemas: the one description of it. The types below are inferred from them, for
// those who make messages (`player-view.ts`, `server/live`) and those who read them (the page imports the
// types alone, so no zod is in its bundle); the published protocol is generated from them, and tests hold
// every frame against them. Fields may be added to a message and none is left out; clients ignore what they
// do not know.

import { z } from 'zod';
import { Difficulty, Source, Truth } from './claim.ts';
import { type ErrorCode, errorKinds } from './errors.ts';
import { BoardEntry, type EventType, Split } from './events.ts';
import { type RequestType, Role } from './protocol.ts';
import { Settings } from './settings.ts';

const id = z.string().describe('opaque');
const moment = z.int().describe('ms since 1970, by the server’s clock');
const count = z.int().nonnegative();
const member = { playerId: id, name: z.string() };
const Member = z.object(member);
const podium = z
  .array(z.array(BoardEntry))
  .describe('places one to three, each a list: ties share; the first of each');

const Question = z.object({
  roundId: id,
  cycleId: id,
  round: z.int().positive(),
  rounds: z.int().positive(),
  question: z.string(),
  topic: z.string(),
  difficulty: Difficulty,
  opensAt: moment.describe('answers count from here on'),
  deadline: moment.nullable().describe('null without a clock'),
});

const Result = z.object({
  roundId: id,
  round: z.int().positive(),
  question: z.string().nullable(),
  truth: Truth,
  explanation: z.string(),
  source: Source,
  confidence: z.number().min(0).max(1).describe('how sure the editor is'),
  split: Split,
  origin: z.object({ provider: z.string(), model: z.string() }),
});

const You = z.object({
  roundId: id.nullable(),
  answer: Truth.nullable(),
  correct: z.boolean().nullable(),
  points: count.describe('of this round'),
  score: count,
  streak: count,
  rank: count.describe('0 before the first result'),
  change: z.int().describe('places won (+) or lost (-) since the board before'),
  right: count.describe('right answers in this game'),
  counted: count.describe('of so many rounds; one that was taken back is none'),
});

/** The `d` of every room event; each comes with `s` and `at`. */
export const roomEvents = {
  SETTINGS_CHANGED: z.object({ settings: Settings }),
  PLAYER_JOINED: Member,
  PLAYER_LEFT: Member,
  PLAYER_KICKED: z.object({ ...member, reason: z.enum(['kicked', 'banned']) }),
  GAME_START: z.object({ game: id, settings: Settings }),
  NEW_QUESTION: Question,
  ROUND_CLOSED: z.object({ roundId: id, reason: z.enum(['deadline', 'all_answered', 'host']) }),
  ROUND_RESULT: Result,
  LEADERBOARD_UPDATE: z.object({ entries: z.array(BoardEntry), playerCount: count }),
  ROUND_COMPLETE: z.object({ round: count, rounds: count, nextAt: moment.nullable() }),
  ROUND_EXTENDED: z.object({ roundId: id, opensAt: moment, deadline: moment.nullable() }),
  ROUND_SKIPPED: z.object({ roundId: id, reason: z.string(), nextAt: moment.nullable() }),
  ROUND_VOIDED: z.object({ roundId: id, reason: z.string(), podium: podium.nullable() }),
  GAME_PAUSED: z.object({ reason: z.enum(['host', 'idle', 'fault']), remainingMs: z.number().nullable() }),
  GAME_RESUMED: z.object({
    roundId: id.nullable(),
    opensAt: moment.optional(),
    deadline: moment.nullable(),
    nextAt: moment.nullable().optional(),
  }),
  GAME_OVER: z.object({ game: id, podium, entries: z.array(BoardEntry) }),
} as const satisfies Partial<Readonly<Record<EventType, z.ZodType>>>;

/**
 * The `d` of what has no `s`: `you` to one player, the others to all, dropped where a socket is slow.
 */
export const volatileEvents = {
  you: You,
  crowd: z.object({ members: count }).describe('how many players are in a room that does not name all'),
  tick: z.object({ roundId: id, answered: count, players: count }),
  presence: z.array(z.object({ playerId: id, connected: z.boolean() })),
  agents: z.object({
    stage: z.enum(['research', 'draft', 'review', 'ready']).nullable(),
    nextReady: z.boolean(),
  }),
} as const;

/** The whole public state of a room. */
const PublicState = z.object({
  room: z.string(),
  epoch: id,
  phase: z.enum(['lobby', 'waiting', 'question', 'over']),
  closed: z.boolean().describe('the open question takes no more answers'),
  game: id.nullable(),
  settings: Settings,
  round: count,
  rounds: count,
  question: Question.nullable(),
  lastRoundId: id.nullable(),
  result: Result.nullable(),
  entries: z.array(BoardEntry),
  playerCount: count,
  players: z.array(Member).describe('of a crowd the first; hosts are told of all'),
  members: count.optional().describe('how many they are, where `players` does not name all'),
  paused: z.object({ reason: z.string(), remainingMs: z.number().nullable() }).nullable(),
  nextAt: moment.nullable(),
  podium: podium.nullable(),
  nextReady: z.boolean(),
});

/** The same with what is this player's own. */
const State = PublicState.extend({
  you: You.nullable(),
  yourAnswer: Truth.nullable(),
  eligible: z.boolean().describe('may answer the question that is asked now'),
});

const nothing = z.object({});
const newState = z.object({ state: State });

/** The `ok` of every request. */
export const replies = {
  join: z.object({
    role: Role,
    playerId: id.nullable(),
    token: z.string().nullable().describe('a player’s secret, to come back with'),
    epoch: id,
    s: count,
    recovered: z.boolean().describe('what was missed follows; otherwise `state` replaces everything'),
    state: State.nullable(),
    you: You.nullable(),
    serverTime: moment,
    limits: z.record(z.string(), z.number()),
  }),
  answer: z.object({ roundId: id, answer: Truth, at: moment }),
  start: newState,
  end: newState,
  pause: newState,
  resume: newState,
  settings: newState,
  kick: newState,
  ban: newState,
  skip: newState,
  close: newState,
  next: newState,
  extend: newState,
  leave: nothing,
  report: nothing,
  ping: z.object({ serverTime: moment }),
} as const satisfies Readonly<Record<RequestType, z.ZodType>>;

/** The `err` of any request. */
export const Refusal = z.object({
  code: z.enum(Object.keys(errorKinds) as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  reason: z.string().optional().describe('which of several: a name that is refused has one'),
  retry: z.boolean().describe('the same request may succeed later'),
  retryAfterMs: z.number().optional(),
});

/** What `POST /api/rooms` gives. */
export const MadeRoom = z.object({ room: z.string(), hostToken: z.string(), joinUrl: z.string() });

/** What `GET /api/topics` gives. */
const Topics = z.object({
  topics: z.array(z.string()),
  any: z.boolean().describe('whether a model finds claims on others, too'),
});

/** What a schema describes, as others read it: nothing to change, and ids are opaque. */
type Told<S extends z.ZodType> = Read<z.infer<S>>;
type Plain = string | number | boolean | null | undefined;
type Read<T> = T extends Plain ? Unbranded<T> : { readonly [Key in keyof T]: Read<T[Key]> };
type Unbranded<T> = T extends string & z.core.$brand ? string : T;

export type Question = Told<typeof Question>;
export type Result = Told<typeof Result>;
export type You = Told<typeof You>;
export type Member = Told<typeof Member>;
export type Entry = Told<typeof BoardEntry>;
export type PublicState = Told<typeof PublicState>;
export type RoomState = Told<typeof State>;
export type Refusal = Told<typeof Refusal>;

export type RoomEventType = keyof typeof roomEvents;
export type VolatileType = keyof typeof volatileEvents;
export type VolatileData<T extends VolatileType> = Told<(typeof volatileEvents)[T]>;

/** A room event on the wire: `s` grows and has holes. */
export type Frame = {
  readonly [T in RoomEventType]: {
    readonly s: number;
    readonly t: T;
    readonly at: number;
    readonly d: Told<(typeof roomEvents)[T]>;
  };
}[RoomEventType];

/** What is told besides, without a place in the order. */
export type VolatileMessage = {
  readonly [T in VolatileType]: { readonly t: T; readonly at: number; readonly d: VolatileData<T> };
}[VolatileType];

export type Message = Frame | VolatileMessage;

export type MadeRoom = Told<typeof MadeRoom>;
export type Topics = Told<typeof Topics>;

/** The `ok` of a request of this type. */
export type Ok<T extends RequestType = RequestType> = Told<(typeof replies)[T]>;
export type Reply<T extends RequestType = RequestType> = { readonly ok: Ok<T> } | { readonly err: Refusal };
/** A reply on the wire; `id` of its request, null where that could not be read. */
export type ReplyFrame = { readonly id: number | null } & Reply;
