// What people may see, built by naming the fields allowed, never by deleting secrets. Used for live frames,
// for frames replayed after a reconnect, for the state on joining and for the documents: one view, so they
// cannot differ.

import type { EventData, EventType, RecordedEvent } from './events.ts';
import type { PlayerId } from './ids.ts';
import { lastBoardOf, topOf } from './scoring.ts';
import { membersOf, type Question, type Room, roundOf } from './state.ts';

/** A room event on the wire. `s` grows and has holes; `d` is shaped as the protocol says. */
export interface Frame {
  readonly s: number;
  readonly t: EventType;
  readonly at: number;
  readonly d: Readonly<Record<string, unknown>>;
}

/** The frame of an event, or null where nobody sees it. `after` is the room with the event folded in. */
export function frameOf(event: RecordedEvent, after: Room): Frame | null {
  const d = dataOf(event, after);
  return d === null ? null : { s: event.rev, t: event.type, at: event.at, d };
}

function dataOf(event: RecordedEvent, after: Room): Frame['d'] | null {
  const { roundId, round, cycleId, game } = event;
  switch (event.type) {
    case 'SETTINGS_CHANGED':
      return { settings: event.data.settings };
    case 'PLAYER_JOINED':
    case 'PLAYER_LEFT':
      return { playerId: event.data.playerId, name: event.data.name };
    case 'PLAYER_KICKED':
      return kicked(event.data);
    case 'GAME_START':
      return { game, settings: event.data.settings };
    case 'NEW_QUESTION':
      return { roundId, cycleId, round, ...asked(event) };
    case 'ROUND_CLOSED':
      return { roundId, reason: event.data.reason };
    case 'ROUND_RESULT':
      return { roundId, round, ...revealed(event.data) };
    case 'LEADERBOARD_UPDATE':
      return { entries: event.data.entries, playerCount: event.data.playerCount };
    case 'ROUND_COMPLETE':
      return { round, rounds: event.data.rounds, nextAt: inMs(event.at, event.data.intermissionMs) };
    case 'ROUND_EXTENDED':
    case 'GAME_RESUMED':
      return resumed(after);
    case 'GAME_PAUSED':
      return { remainingMs: event.data.remainingMs, reason: event.data.reason };
    case 'ROUND_SKIPPED':
      return { roundId, reason: event.data.reason, nextAt: inMs(event.at, event.data.intermissionMs) };
    case 'ROUND_VOIDED':
      return { roundId, reason: event.data.reason, podium: after.phase === 'over' ? after.podium : null };
    case 'GAME_OVER':
      return { game, podium: event.data.podium, entries: event.data.entries };
    default:
      return null;
  }
}

function kicked({ playerId, name, banned }: EventData<'PLAYER_KICKED'>): Frame['d'] {
  return { playerId, name, reason: banned ? 'banned' : 'kicked' };
}

function asked({ at, data }: RecordedEvent<'NEW_QUESTION'>): Frame['d'] {
  const { question, topic, difficulty, rounds, leadMs, answerMs } = data;
  const opensAt = at + leadMs;
  const deadline = inMs(opensAt, answerMs);
  return { rounds, question, topic, difficulty, opensAt, deadline };
}

function revealed(data: EventData<'ROUND_RESULT'>): Frame['d'] {
  const { question = null, truth, explanation, source, confidence, split, origin } = data;
  return { question, truth, explanation, source, confidence, split, origin };
}

function resumed(after: Room): Frame['d'] {
  if (after.phase === 'question') {
    const { roundId, opensAt, deadline } = after.question;
    return { roundId, opensAt, deadline };
  }
  return { roundId: null, deadline: null, nextAt: after.phase === 'waiting' ? after.nextAt : null };
}

function inMs(at: number, ms: number | null): number | null {
  return ms === null ? null : at + ms;
}

/**
 * How a player stands, and what the round whose result is on screen did to them: the message `you`. Null for
 * whoever does not belong to the room.
 */
export function youOf(room: Room, result: RecordedEvent<'ROUND_RESULT'> | null, playerId: PlayerId) {
  const player = room.players.get(playerId);
  if (player === undefined) return null;
  const { score, streak, rank, change, right, joinedRev } = player;
  const counted = room.counted.filter(({ openedRev }) => joinedRev < openedRev).length;
  return { ...outcomeOf(room, result, playerId), score, streak, rank, change, right, counted };
}

function outcomeOf({ resultOf }: Room, result: RecordedEvent<'ROUND_RESULT'> | null, playerId: PlayerId) {
  const shown = result !== null && resultOf === result.roundId ? result.data.results : [];
  const mine = shown.find((row) => row.playerId === playerId);
  if (mine === undefined) return { roundId: null, answer: null, correct: null, points: 0 };
  const { answer, correct, points } = mine;
  return { roundId: resultOf, answer, correct, points };
}

/** The question as everybody may see it. */
export function questionView(room: Room, question: Question, round: number) {
  const { roundId, cycleId, opensAt, deadline, claim } = question;
  const { topic, difficulty } = claim;
  const { rounds } = room.settings;
  return { roundId, cycleId, round, rounds, question: claim.question, topic, difficulty, opensAt, deadline };
}

/**
 * The public state of a room: the same for everybody. `result` is the last ROUND_RESULT of this intermission.
 */
export function stateView(room: Room, result: RecordedEvent<'ROUND_RESULT'> | null) {
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
    ...topOf(lastBoardOf(room)),
    players: membersOf(room).map(({ id, name }) => ({ playerId: id, name })),
    paused: paused ? { reason: room.reason, remainingMs: room.remainingMs } : null,
    nextAt: shown.phase === 'waiting' && !paused ? shown.nextAt : null,
    podium: room.phase === 'over' ? room.podium : null,
    nextReady: room.preparing.some(({ work }) => work.stage === 'ready'),
  };
}

/** The `d` of ROUND_RESULT. */
export function resultView({ roundId, round, data }: RecordedEvent<'ROUND_RESULT'>) {
  return { roundId, round, ...revealed(data) };
}

/** The four lights: how far the next claim has come. */
export function agentsView(room: Room) {
  const stages = room.preparing.map(({ work }) => work.stage);
  const order = ['ready', 'review', 'draft', 'research'] as const;
  return {
    stage: order.find((stage) => stages.includes(stage)) ?? null,
    nextReady: stages.includes('ready'),
  };
}
