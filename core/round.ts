// What hosts, players and operators may do with a running game. Requests that come twice find nothing left to
// do.

import { type CommandOf, requestKey } from './commands.ts';
import { type Decided, type Decision, gameScope, nothing, roomScope } from './decision.ts';
import { keys } from './effect-names.ts';
import { type Rejection, reject } from './errors.ts';
import type { EventData, EventScope, NewEvent } from './events.ts';
import type { RoundId } from './ids.ts';
import { limits } from './limits.ts';
import { boardOf, onBoard, podiumOf, topOf, withoutPoints } from './scoring.ts';
import {
  type Asking,
  type Closed,
  hasQuestion,
  type Paused,
  type Question,
  questionOf,
  type Room,
} from './state.ts';

/** The scope of an event about the question on screen. */
export function roundScope(room: Asking | Closed | Paused, question: Question): EventScope {
  const { roundId, cycleId } = question;
  return { game: room.game, round: room.round, roundId, cycleId };
}

function notThisRound(room: Room, roundId: RoundId): Rejection {
  return room.shown.has(roundId) ? reject('round_not_active') : reject('invalid_round_id');
}

export function pauseGame({ reason, now }: CommandOf<'pauseGame'>, room: Room): Decision {
  if (room.phase === 'paused') return nothing;
  if (room.phase !== 'question' && room.phase !== 'waiting') return reject('forbidden', 'nothing to pause');
  const due = room.phase === 'question' ? room.question.deadline : room.nextAt;
  const remainingMs = due === null ? null : Math.max(0, due - now);
  const scope = room.phase === 'question' ? roundScope(room, room.question) : gameScope(room);
  return { key: null, events: [{ type: 'GAME_PAUSED', ...scope, data: { reason, remainingMs } }] };
}

export function resumeGame(room: Room): Decision {
  if (room.phase === 'question' || room.phase === 'waiting') return nothing;
  if (room.phase !== 'paused') return reject('forbidden', 'nothing is paused');
  const { was } = room;
  const scope = was.phase === 'question' ? roundScope(room, was.question) : gameScope(room);
  return { key: null, events: [{ type: 'GAME_RESUMED', ...scope, data: {} }] };
}

export function skipRound({ roundId, reason }: CommandOf<'skipRound'>, room: Room): Decision {
  if (!hasQuestion(room) || questionOf(room)?.roundId !== roundId) {
    return room.phase === 'waiting' && room.shown.has(roundId) ? nothing : notThisRound(room, roundId);
  }
  return { key: keys.skip(roundId), events: [skipped(room, roundId, reason)] };
}

function skipped(room: Asking | Closed | Paused, roundId: RoundId, reason: string): NewEvent {
  const { game, round } = room;
  const cycleId = questionOf(room)?.cycleId ?? null;
  const data = { reason, intermissionMs: intermissionMsOf(room) };
  return { type: 'ROUND_SKIPPED', game, round, roundId, cycleId, data };
}

/** Null: the host goes on by hand. */
export function intermissionMsOf({ settings, pace }: Room): number | null {
  return settings.autoAdvance ? pace.intermissionMs : null;
}

/** Closes the round for answers; one that is closed stays closed. */
export function closeRound({ roundId, reason }: CommandOf<'closeRound'>, room: Room): Decision {
  if (room.phase !== 'question' || room.question.roundId !== roundId) {
    return room.shown.has(roundId) && room.phase !== 'paused' ? nothing : notThisRound(room, roundId);
  }
  return roundClosed(room, reason);
}

/** The same effect, whatever finds that it is time. */
export function roundClosed(room: Asking, reason: EventData<'ROUND_CLOSED'>['reason']): Decided {
  const { question } = room;
  const closed = { type: 'ROUND_CLOSED', ...roundScope(room, question), data: { reason } } as const;
  return { key: keys.close(question.roundId), events: [closed] };
}

export function extendRound(command: CommandOf<'extendRound'>, room: Room): Decision {
  const { roundId } = command;
  if (room.phase !== 'question' || room.question.roundId !== roundId) return notThisRound(room, roundId);
  if (room.question.deadline === null) return reject('forbidden', 'this round has no clock');
  const ms = Math.min(command.ms, limits.extendMsMax);
  return {
    key: requestKey(command),
    events: [{ type: 'ROUND_EXTENDED', ...roundScope(room, room.question), data: { ms } }],
  };
}

export function endGame({ game }: CommandOf<'endGame'>, room: Room): Decision {
  if (room.phase === 'lobby') return reject('forbidden', 'no game is running');
  if (room.phase === 'over' || room.game !== game) {
    return room.game === game ? nothing : reject('forbidden', 'this game is not running');
  }
  return gameOver(room, 'host');
}

/** The end: places from the scores as they stand. */
export function gameOver(room: Room, reason: 'finished' | 'host'): Decision {
  const board = boardOf(onBoard(room));
  const data = { reason, podium: podiumOf(board), ...topOf(board) };
  return { key: keys.gameOver(room.game), events: [{ type: 'GAME_OVER', ...gameScope(room), data }] };
}

export function reportClaim(command: CommandOf<'reportClaim'>, room: Room): Decision {
  const { playerId, roundId, reason } = command;
  if (!room.shown.has(roundId)) return reject('invalid_round_id');
  return {
    key: keys.report(roundId, playerId),
    events: [{ type: 'CLAIM_REPORTED', ...gameScope(room), roundId, data: { playerId, reason } }],
  };
}

/**
 * An operator takes a claim back: its round counts no longer. Taken back while it is asked, it is skipped as
 * well, before it can have a result.
 */
export function retractRound(command: CommandOf<'retractRound'>, room: Room): Decision {
  const { roundId, reason, played } = command;
  const { game, round, factKey, points } = played;
  const scope = { ...roomScope, game, round, roundId };
  const voided: NewEvent = {
    type: 'ROUND_VOIDED',
    ...scope,
    data: { reason, factKey, points: [...points] },
  };
  return { key: keys.retract(roundId), events: [voided, ...whatFollows(command, room)] };
}

function whatFollows({ roundId, reason, played }: CommandOf<'retractRound'>, room: Room): NewEvent[] {
  if (hasQuestion(room) && questionOf(room)?.roundId === roundId) return [skipped(room, roundId, reason)];
  if (played.game !== room.game) return [];
  const board = boardOf(onBoard({ ...room, players: withoutPoints(room, played.points) }));
  return [{ type: 'LEADERBOARD_UPDATE', ...gameScope(room), data: topOf(board) }];
}
