// One event further. Never refuses, calls no clock, keeps no truth that the log does not have. Every process
// folds with this function, so all see the same room.

import { nothingSpent, plusOrigin } from './claim.ts';
import { assertNever } from './errors.ts';
import type { EventData, RecordedEvent } from './events.ts';
import { answered, evolvePlaying } from './evolve-playing.ts';
import { type Player, Players } from './players.ts';
import { boardOf, onBoard, podiumOf, withoutPoints } from './scoring.ts';
import type { JudgedClaim, Preparation, Room, State } from './state.ts';

/** The room after one more event. An event that the phase has no use for changes nothing. */
export function evolve(state: State, event: RecordedEvent): State {
  if (event.type === 'ROOM_CREATED') return created(event);
  if (state.phase === 'none') return state;
  switch (event.type) {
    case 'SETTINGS_CHANGED':
      return settingsChanged(state, event.data);
    case 'PLAYER_JOINED':
      return withPlayer(state, {
        id: event.data.playerId,
        name: event.data.name,
        nameKey: event.data.nameKey,
        ...(event.data.looks === undefined ? {} : { looks: event.data.looks }),
        joinedRev: event.rev,
        ...(state.players.hasNameLeft() ? {} : { unnamed: true }),
        gone: null,
        score: 0,
        streak: 0,
        right: 0,
        rank: 0,
        change: 0,
      });
    case 'PLAYER_LEFT':
      return goneFrom(state, event.data.playerId, 'left', false);
    case 'PLAYER_KICKED':
      return goneFrom(state, event.data.playerId, 'kicked', event.data.banned);
    case 'START_ROUND':
    case 'RESEARCH_DONE':
    case 'DRAFT_READY':
    case 'VALIDATION_COMPLETE':
      return { ...state, ...prepared(state, event) };
    case 'ROUND_VOIDED':
      return voided(state, event);
    case 'ANSWER_SUBMITTED':
      return answered(state, event);
    case 'CLAIM_REPORTED':
      return state;
    case 'GAME_START':
    case 'NEW_QUESTION':
    case 'ROUND_CLOSED':
    case 'ROUND_RESULT':
    case 'LEADERBOARD_UPDATE':
    case 'ROUND_COMPLETE':
    case 'ROUND_EXTENDED':
    case 'ROUND_SKIPPED':
    case 'GAME_PAUSED':
    case 'GAME_RESUMED':
    case 'GAME_OVER':
      return evolvePlaying(state, event);
    default:
      return assertNever(event);
  }
}

function created({ room, data }: RecordedEvent<'ROOM_CREATED'>): State {
  return {
    phase: 'lobby',
    room,
    ...data,
    trial: data.trial ?? false,
    players: Players.none,
    banned: new Set(),
    preparing: [],
    slots: 0,
    thrownAway: 0,
    asked: [],
    retracted: new Set(),
    shown: new Set(),
    accuracy: [],
    truths: { FACT: 0, FAKE: 0 },
    game: null,
    spent: nothingSpent,
    lastRoundId: null,
    counted: [],
    resultOf: null,
  };
}

/** A new topic or difficulty makes what was prepared for the old one useless. */
function settingsChanged(room: Room, { settings }: EventData<'SETTINGS_CHANGED'>): Room {
  const other = settings.topic !== room.settings.topic || settings.difficulty !== room.settings.difficulty;
  if (!other) return { ...room, settings };
  return { ...room, settings, preparing: [], thrownAway: room.thrownAway + room.preparing.length };
}

function withPlayer(room: Room, player: Player): Room {
  return { ...room, players: room.players.with(player) };
}

function goneFrom(room: Room, id: Player['id'], gone: 'left' | 'kicked', banned: boolean): Room {
  const player = room.players.get(id);
  if (player === undefined) return room;
  const next = withPlayer(room, { ...player, gone });
  if (!banned) return next;
  const { nameKey, looks } = player;
  return { ...next, banned: new Set([...room.banned, nameKey, ...Object.values(looks ?? {})]) };
}

type Prepares = RecordedEvent<'START_ROUND' | 'RESEARCH_DONE' | 'DRAFT_READY' | 'VALIDATION_COMPLETE'>;

function prepared(room: Room, event: Prepares): Pick<Room, 'preparing' | 'slots' | 'spent'> {
  if (event.cycleId === null) return room;
  if (event.type === 'START_ROUND') {
    const { slot, attempt, topic, difficulty, truthWanted, stageMs } = event.data;
    const work = { stage: 'research', dueAt: event.at + stageMs } as const;
    const { cycleId, traceparent } = event;
    const started = { slot, cycleId, attempt, topic, difficulty, truthWanted, traceparent, work };
    const others = room.preparing.filter((preparation) => preparation.slot !== slot);
    const preparing = [...others, started].sort((a, b) => a.slot - b.slot);
    return { preparing, slots: Math.max(room.slots, slot), spent: room.spent };
  }
  const preparing = room.preparing.map((preparation) =>
    preparation.cycleId === event.cycleId ? advanced(preparation, event) : preparation,
  );
  return { preparing, slots: room.slots, spent: plusOrigin(room.spent, event.data.origin) };
}

/** Work that comes out of order belongs to a cycle that was given up: it changes nothing. */
function advanced(preparation: Preparation, event: Exclude<Prepares, { type: 'START_ROUND' }>): Preparation {
  const { work } = preparation;
  if (event.type === 'RESEARCH_DONE' && work.stage === 'research') {
    const { candidates, origin, stageMs } = event.data;
    return { ...preparation, work: { stage: 'draft', dueAt: event.at + stageMs, candidates, origin } };
  }
  if (event.type === 'DRAFT_READY' && work.stage === 'draft') {
    const { draft, candidate, stageMs } = event.data;
    const { origin } = work;
    const { question } = draft;
    const dueAt = event.at + stageMs;
    return { ...preparation, work: { stage: 'review', dueAt, question, candidate, origin } };
  }
  if (event.type === 'VALIDATION_COMPLETE' && work.stage === 'review') {
    const { verdict, approved, reason } = event.data;
    if (!approved || verdict === null) {
      return { ...preparation, work: { stage: 'rejected', reason: reason ?? 'no verdict' } };
    }
    const { factKey, topic, difficulty } = work.candidate;
    const claim: JudgedClaim = {
      question: work.question,
      topic,
      difficulty,
      factKey,
      verdict,
      origin: work.origin,
    };
    return { ...preparation, work: { stage: 'ready', claim } };
  }
  return preparation;
}

/**
 * Takes back the round's own points alone; streaks stay. Points of a game that is behind are
 * behind, too.
 */
function voided(room: Room, { game, roundId, data }: RecordedEvent<'ROUND_VOIDED'>): Room {
  const known = { ...room, retracted: new Set(room.retracted).add(data.factKey) };
  if (game !== room.game) return known;
  const players = withoutPoints(room, data.points);
  const counted = room.counted.filter((round) => round.roundId !== roundId);
  const after = { ...known, players, counted };
  return after.phase === 'over' ? { ...after, podium: podiumOf(boardOf(onBoard(after))) } : after;
}
