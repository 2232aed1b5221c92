// The state of a room after each event as the protocol's description has it, folded by the judge's own hand,
// to hold against what clients were told.

import type { RecordedEvent } from '../../../../../core/events.ts';

export interface Standing {
  readonly phase: 'lobby' | 'waiting' | 'question' | 'over';
  readonly closed: boolean;
  readonly paused: boolean;
  readonly game: string | null;
  readonly round: number;
  readonly roundId: string | null;
  readonly lastRoundId: string | null;
  readonly members: ReadonlySet<string>;
  /** Of all who stand on the board. */
  readonly scores: ReadonlyMap<string, number>;
  /** To the question on screen, by player. */
  readonly answers: ReadonlyMap<string, string>;
}

const nobody: Standing = {
  phase: 'lobby',
  closed: false,
  paused: false,
  game: null,
  round: 0,
  roundId: null,
  lastRoundId: null,
  members: new Set(),
  scores: new Map(),
  answers: new Map(),
};

/** The standing at each revision; at place 0 that of no room. */
export function standingsOf(log: readonly RecordedEvent[]): readonly Standing[] {
  const all = [nobody];
  for (const event of log) all.push(after(all.at(-1) ?? nobody, event));
  return all;
}

const unasked = { closed: false, paused: false, roundId: null, answers: new Map<string, string>() } as const;
const without = (ids: ReadonlySet<string>, id: string) => new Set([...ids].filter((one) => one !== id));

function after(room: Standing, event: RecordedEvent): Standing {
  switch (event.type) {
    case 'GAME_START': {
      const { game } = event;
      const scores = new Map([...room.members].map((id) => [id, 0]));
      return { ...room, ...unasked, phase: 'waiting', game, round: 0, lastRoundId: null, scores };
    }
    case 'NEW_QUESTION': {
      const { round, roundId } = event;
      return { ...room, ...unasked, phase: 'question', round: round ?? 0, roundId, lastRoundId: roundId };
    }
    case 'ANSWER_SUBMITTED': {
      const { playerId, answer } = event.data;
      return { ...room, answers: new Map(room.answers).set(playerId, answer) };
    }
    case 'ROUND_CLOSED':
      return { ...room, closed: true };
    case 'ROUND_COMPLETE':
    case 'ROUND_SKIPPED':
      return { ...room, ...unasked, phase: 'waiting' };
    case 'GAME_PAUSED':
      return { ...room, paused: true };
    case 'GAME_RESUMED':
      return { ...room, paused: false };
    case 'GAME_OVER':
      return { ...room, ...unasked, phase: 'over' };
    default:
      return people(room, event);
  }
}

function people(room: Standing, event: RecordedEvent): Standing {
  const scores = new Map(room.scores);
  switch (event.type) {
    case 'PLAYER_JOINED': {
      const { playerId } = event.data;
      scores.set(playerId, 0);
      return { ...room, members: new Set([...room.members, playerId]), scores };
    }
    case 'PLAYER_LEFT':
      return { ...room, members: without(room.members, event.data.playerId) };
    case 'PLAYER_KICKED':
      scores.delete(event.data.playerId);
      return { ...room, members: without(room.members, event.data.playerId), scores };
    case 'ROUND_RESULT':
      for (const { playerId, points } of event.data.results) {
        scores.set(playerId, (scores.get(playerId) ?? 0) + points);
      }
      return { ...room, scores };
    case 'ROUND_VOIDED':
      if (event.game !== room.game) return room;
      for (const { playerId, points } of event.data.points) {
        const score = scores.get(playerId);
        if (score !== undefined) scores.set(playerId, score - points);
      }
      return { ...room, scores };
    default:
      return room;
  }
}
