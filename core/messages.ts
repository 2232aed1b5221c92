// What the server says, as schemas: for the description of the protocol, and for the tests that hold every
// frame against it. Fields may be added to a message and none is left out; clients ignore what they do not
// know.

import { z } from 'zod';
import { Difficulty, Source, Truth } from './claim.ts';
import { type ErrorCode, errorKinds } from './errors.ts';
import { BoardEntry, Split } from './events.ts';
import { Role } from './protocol.ts';
import { Settings } from './settings.ts';

const id = z.string().describe('opaque');
const moment = z.int().describe('ms since 1970, by the server’s clock');
const count = z.int().nonnegative();
const member = { playerId: id, name: z.string() };
const podium = z.array(z.array(BoardEntry)).describe('places one to three, each a list: ties share');

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
  PLAYER_JOINED: z.object(member),
  PLAYER_LEFT: z.object(member),
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
} as const;

/**
 * The `d` of what has no `s`: `you` to one player, the others to everybody, dropped where a socket is slow.
 */
export const volatileEvents = {
  you: You,
  tick: z.object({ roundId: id, answered: count, players: count }),
  presence: z.array(z.object({ playerId: id, connected: z.boolean() })),
  agents: z.object({
    stage: z.enum(['research', 'draft', 'review', 'ready']).nullable(),
    nextReady: z.boolean(),
  }),
} as const;

/** The whole public state of a room, with what is this player's own. */
const State = z.object({
  room: z.string(),
  epoch: id,
  phase: z.enum(['lobby', 'waiting', 'question', 'over']),
  closed: z.boolean().describe('the door of the open question is shut'),
  game: id.nullable(),
  settings: Settings,
  round: count,
  rounds: count,
  question: Question.nullable(),
  lastRoundId: id.nullable(),
  result: Result.nullable(),
  entries: z.array(BoardEntry),
  playerCount: count,
  players: z.array(z.object(member)),
  paused: z.object({ reason: z.string(), remainingMs: z.number().nullable() }).nullable(),
  nextAt: moment.nullable(),
  podium: podium.nullable(),
  nextReady: z.boolean(),
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
} as const;

/** The `err` of any request. */
export const Refusal = z.object({
  code: z.enum(Object.keys(errorKinds) as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  reason: z.string().optional().describe('which of several: a name that is refused has one'),
  retry: z.boolean().describe('the same request may succeed later'),
  retryAfterMs: z.number().optional(),
});
