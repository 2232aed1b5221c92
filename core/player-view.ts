// What people may see, built by naming the fields allowed, never by deleting secrets. Used for live frames,
// for frames replayed after a reconnect, for the state on joining and for the documents: one view, so they
// cannot differ.

import type { EventData, EventType, PlayerResult, RecordedEvent } from './events.ts';
import type { PlayerId } from './ids.ts';
import type * as told from './messages.ts';
import type { Role } from './protocol.ts';
import { topOfLastBoard } from './scoring.ts';
import { membersOf, type Question, type Room, roundOf } from './state.ts';

/**
 * The frame of an event; null for agents' work, for answers, and for what does not say which game or round it
 * is about, which `evolve` leaves alone, too. `after` is the room with the event folded in.
 */
export function frameOf(event: RecordedEvent, after: Room): told.Frame | null {
  const { rev: s, at, game } = event;
  switch (event.type) {
    case 'SETTINGS_CHANGED':
      return { s, t: event.type, at, d: { settings: event.data.settings } };
    case 'PLAYER_JOINED':
    case 'PLAYER_LEFT':
      return { s, t: event.type, at, d: { playerId: event.data.playerId, name: event.data.name } };
    case 'PLAYER_KICKED':
      return { s, t: event.type, at, d: kicked(event.data) };
    case 'GAME_START':
      return game === null ? null : { s, t: event.type, at, d: { game, settings: event.data.settings } };
    case 'LEADERBOARD_UPDATE': {
      const { entries, playerCount } = event.data;
      return { s, t: event.type, at, d: { entries, playerCount } };
    }
    case 'GAME_PAUSED': {
      const { remainingMs, reason } = event.data;
      return { s, t: event.type, at, d: { remainingMs, reason } };
    }
    case 'GAME_RESUMED':
      return { s, t: event.type, at, d: clockOf(after) ?? noClock(after) };
    case 'GAME_OVER': {
      const { podium, entries } = event.data;
      return game === null ? null : { s, t: event.type, at, d: { game, podium, entries } };
    }
    default:
      return frameOfRound(event, after);
  }
}

/**
 * Whether an event is told to hosts alone: who comes to a crowd and leaves it again, which to tell all of all
 * would be the square of them. `after` is the room with the event folded in.
 */
export function isForHosts({ type, data }: RecordedEvent, after: Room): boolean {
  if (type !== 'PLAYER_JOINED' && type !== 'PLAYER_LEFT' && type !== 'PLAYER_KICKED') return false;
  return after.players.get(data.playerId)?.unnamed === true;
}

/** What the protocol has no message for. */
type Unseen = Exclude<EventType, told.RoomEventType>;
type OfRound = Extract<told.RoomEventType, `ROUND_${string}` | 'NEW_QUESTION'>;

function frameOfRound(event: RecordedEvent<OfRound | Unseen>, after: Room): told.Frame | null {
  const { rev: s, at, roundId, round } = event;
  switch (event.type) {
    case 'NEW_QUESTION': {
      const d = asked(event);
      return d === null ? null : { s, t: event.type, at, d };
    }
    case 'ROUND_CLOSED':
      return roundId === null ? null : { s, t: event.type, at, d: { roundId, reason: event.data.reason } };
    case 'ROUND_RESULT': {
      const d = resultView(event);
      return d === null ? null : { s, t: event.type, at, d };
    }
    case 'ROUND_COMPLETE': {
      const { rounds, intermissionMs } = event.data;
      const nextAt = inMs(at, intermissionMs);
      return round === null ? null : { s, t: event.type, at, d: { round, rounds, nextAt } };
    }
    case 'ROUND_EXTENDED': {
      const d = clockOf(after);
      return d === null ? null : { s, t: event.type, at, d };
    }
    case 'ROUND_SKIPPED': {
      const { reason, intermissionMs } = event.data;
      const nextAt = inMs(at, intermissionMs);
      return roundId === null ? null : { s, t: event.type, at, d: { roundId, reason, nextAt } };
    }
    case 'ROUND_VOIDED': {
      const podium = after.phase === 'over' ? after.podium : null;
      const { reason } = event.data;
      return roundId === null ? null : { s, t: event.type, at, d: { roundId, reason, podium } };
    }
    default:
      // An event that the protocol has a message for does not compile until it is made here.
      event satisfies RecordedEvent<Unseen>;
      return null;
  }
}

function kicked({ playerId, name, banned }: EventData<'PLAYER_KICKED'>) {
  return { playerId, name, reason: banned ? 'banned' : 'kicked' } as const;
}

function asked({ at, data, round, roundId, cycleId }: RecordedEvent<'NEW_QUESTION'>): told.Question | null {
  if (roundId === null || cycleId === null || round === null) return null;
  const { question, topic, difficulty, rounds, leadMs, answerMs } = data;
  const opensAt = at + leadMs;
  const deadline = inMs(opensAt, answerMs);
  return { roundId, cycleId, round, rounds, question, topic, difficulty, opensAt, deadline };
}

/** The clock of the question that is open; null where none is. */
function clockOf(room: Room) {
  if (room.phase !== 'question') return null;
  const { roundId, opensAt, deadline } = room.question;
  return { roundId, opensAt, deadline };
}

const noClock = (room: Room) => ({
  roundId: null,
  deadline: null,
  nextAt: room.phase === 'waiting' ? room.nextAt : null,
});

function inMs(at: number, ms: number | null): number | null {
  return ms === null ? null : at + ms;
}

/**
 * How a player stands, and what the round whose result is on screen did to them: the message `you`. Null for
 * one who does not belong to the room.
 */
export function youOf(
  room: Room,
  result: RecordedEvent<'ROUND_RESULT'> | null,
  playerId: PlayerId,
): told.You | null {
  const player = room.players.get(playerId);
  if (player === undefined) return null;
  const { score, streak, rank, change, right, joinedRev } = player;
  const counted = room.counted.filter(({ openedRev }) => joinedRev < openedRev).length;
  return { ...outcomeOf(room, result, playerId), score, streak, rank, change, right, counted };
}

function outcomeOf({ resultOf }: Room, result: RecordedEvent<'ROUND_RESULT'> | null, playerId: PlayerId) {
  const shown = result !== null && resultOf === result.roundId ? result.data.results : noResults;
  const mine = byPlayer(shown).get(playerId);
  if (mine === undefined) return { roundId: null, answer: null, correct: null, points: 0 };
  const { answer, correct, points } = mine;
  return { roundId: resultOf, answer, correct, points };
}

const noResults: readonly PlayerResult[] = [];
const sorted = new WeakMap<readonly PlayerResult[], ReadonlyMap<PlayerId, PlayerResult>>();

/** Made once for a result: each player of thousands asks for one row of it. */
function byPlayer(results: readonly PlayerResult[]): ReadonlyMap<PlayerId, PlayerResult> {
  const known = sorted.get(results) ?? new Map(results.map((row) => [row.playerId, row]));
  sorted.set(results, known);
  return known;
}

/** The question as all may see it. */
export function questionView(room: Room, question: Question, round: number): told.Question {
  const { roundId, cycleId, opensAt, deadline, claim } = question;
  const { topic, difficulty } = claim;
  const { rounds } = room.settings;
  return { roundId, cycleId, round, rounds, question: claim.question, topic, difficulty, opensAt, deadline };
}

/**
 * The public state of a room: the same for all but hosts, who are told of each player of a crowd. `result` is
 * the last ROUND_RESULT of this intermission.
 */
export function stateView(
  room: Room,
  result: RecordedEvent<'ROUND_RESULT'> | null,
  role: Role = 'player',
): told.PublicState {
  const paused = room.phase === 'paused';
  const shown = paused ? room.was : room;
  const question = 'question' in shown && shown.question !== undefined ? shown.question : null;
  const round = roundOf(room);
  return {
    room: room.room,
    epoch: room.epoch,
    phase: shown.phase === 'closed' ? 'question' : shown.phase,
    closed: room.phase === 'closed',
    game: room.game,
    settings: room.settings,
    round,
    rounds: room.settings.rounds,
    question: question === null ? null : questionView(room, question, round),
    lastRoundId: room.lastRoundId,
    result: result !== null && room.resultOf === result.roundId ? resultView(result) : null,
    ...topOfLastBoard(room),
    ...membersView(room, role),
    paused: paused ? { reason: room.reason, remainingMs: room.remainingMs } : null,
    nextAt: shown.phase === 'waiting' && !paused ? shown.nextAt : null,
    podium: room.phase === 'over' ? room.podium : null,
    nextReady: room.preparing.some(({ work }) => work.stage === 'ready'),
  };
}

/** Members by name, and how many they are where not all are named. */
function membersView(room: Room, role: Role): Pick<told.PublicState, 'players' | 'members'> {
  const named = role === 'host' ? membersOf(room) : room.players.named();
  const players = named.map(({ id, name }) => ({ playerId: id, name }));
  const { memberCount } = room.players;
  return memberCount === players.length ? { players } : { players, members: memberCount };
}

/** The `d` of ROUND_RESULT; null where it does not say of which round it is. */
export function resultView({ roundId, round, data }: RecordedEvent<'ROUND_RESULT'>): told.Result | null {
  if (roundId === null || round === null) return null;
  const { question = null, truth, explanation, source, confidence, split, origin } = data;
  return { roundId, round, question, truth, explanation, source, confidence, split, origin };
}

/** The four lights: how far the next claim has come. */
export function agentsView(room: Room): told.VolatileData<'agents'> {
  const stages = room.preparing.map(({ work }) => work.stage);
  const order = ['ready', 'review', 'draft', 'research'] as const;
  return {
    stage: order.find((stage) => stages.includes(stage)) ?? null,
    nextReady: stages.includes('ready'),
  };
}
