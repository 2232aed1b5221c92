// The half of `evolve` that moves a game from phase to phase. Called by `evolve` alone.

import { assertNever } from './errors.ts';
import type { EventData, PlayerResult, RecordedEvent } from './events.ts';
import { limits } from './limits.ts';
import type { Asking, Closed, Paused, Player, Question, Room, Waiting } from './state.ts';

type PlayingEvent = RecordedEvent<
  | 'GAME_START'
  | 'NEW_QUESTION'
  | 'ROUND_CLOSED'
  | 'ROUND_RESULT'
  | 'LEADERBOARD_UPDATE'
  | 'ROUND_COMPLETE'
  | 'ROUND_EXTENDED'
  | 'ROUND_SKIPPED'
  | 'GAME_PAUSED'
  | 'GAME_RESUMED'
  | 'GAME_OVER'
>;

export function evolvePlaying(room: Room, event: PlayingEvent): Room {
  switch (event.type) {
    case 'GAME_START':
      return started(room, event);
    case 'NEW_QUESTION':
      return room.phase === 'waiting' ? asked(room, event) : room;
    case 'ROUND_CLOSED':
      return room.phase === 'question' ? { ...room, phase: 'closed', closedRev: event.rev } : room;
    case 'ROUND_RESULT':
      return room.phase === 'closed' ? resulted(room, event) : room;
    case 'LEADERBOARD_UPDATE':
      return { ...room, board: event.data.entries };
    case 'ROUND_COMPLETE':
      return room.phase === 'closed' ? waiting(room, event.at, event.data.intermissionMs) : room;
    case 'ROUND_EXTENDED':
      return room.phase === 'question' ? { ...room, question: extended(room.question, event.data.ms) } : room;
    case 'ROUND_SKIPPED':
      return skipped(room, event);
    case 'GAME_PAUSED':
      return room.phase === 'waiting' || room.phase === 'question' ? paused(room, event) : room;
    case 'GAME_RESUMED':
      return room.phase === 'paused' ? resumed(room, event.at) : room;
    case 'GAME_OVER':
      return over(room, event.data);
    default:
      return assertNever(event);
  }
}

/** Scores start again at zero; whoever left before is forgotten. */
function started(room: Room, event: RecordedEvent<'GAME_START'>): Room {
  if (event.game === null) return room;
  const members = [...room.players.values()].filter((player) => player.gone === null);
  const fresh = members.map((player): Player => ({ ...player, score: 0, streak: 0, rank: 0 }));
  return {
    ...baseOf(room),
    phase: 'waiting',
    game: event.game,
    settings: event.data.settings,
    players: new Map(fresh.map((player) => [player.id, player])),
    board: [],
    lastRoundId: null,
    result: null,
    round: 0,
    nextAt: event.at,
  };
}

function asked(room: Waiting, event: RecordedEvent<'NEW_QUESTION'>): Room {
  const ready = room.preparing.find((preparation) => preparation.cycleId === event.cycleId);
  if (ready?.work.stage !== 'ready' || event.roundId === null || event.round === null) return room;
  const { claim } = ready.work;
  const { leadMs, answerMs } = event.data;
  const opensAt = event.at + leadMs;
  const deadline = answerMs === null ? null : opensAt + answerMs;
  const closesAt = deadline === null ? opensAt + limits.relaxedRoundMsMax : deadline + limits.graceMs;
  const { truth } = claim.verdict;
  return {
    ...baseOf(room),
    phase: 'question',
    game: room.game,
    round: event.round,
    preparing: room.preparing.filter((preparation) => preparation !== ready),
    asked: remember(room.asked, claim.factKey),
    shown: new Set(room.shown).add(event.roundId),
    truths: { ...room.truths, [truth]: room.truths[truth] + 1 },
    lastRoundId: event.roundId,
    result: null,
    question: {
      roundId: event.roundId,
      cycleId: ready.cycleId,
      openedRev: event.rev,
      opensAt,
      deadline,
      closesAt,
      pauses: [],
      traceparent: ready.traceparent,
      claim,
    },
  };
}

function resulted(room: Closed, event: RecordedEvent<'ROUND_RESULT'>): Room {
  const { results } = event.data;
  const answered = results.filter((result) => result.answer !== null);
  const right = answered.filter((result) => result.correct).length;
  const share = answered.length === 0 ? null : right / answered.length;
  return {
    ...room,
    players: withResults(room, results),
    accuracy: share === null ? room.accuracy : [...room.accuracy, share].slice(-limits.accuracyRoundsMax),
    result: { roundId: room.question.roundId, rev: event.rev },
  };
}

function withResults(room: Room, results: readonly PlayerResult[]): ReadonlyMap<Player['id'], Player> {
  const players = new Map(room.players);
  for (const { playerId, score, streak, rank } of results) {
    const player = players.get(playerId);
    if (player !== undefined) players.set(playerId, { ...player, score, streak, rank });
  }
  return players;
}

function skipped(room: Room, event: RecordedEvent<'ROUND_SKIPPED'>): Room {
  if (room.phase === 'question' || room.phase === 'closed') {
    return waiting(room, event.at, event.data.intermissionMs);
  }
  if (room.phase === 'paused' && room.was.phase === 'question') {
    return waiting(room, event.at, event.data.intermissionMs);
  }
  return room;
}

function waiting(room: Closed | Asking | Paused, at: number, intermissionMs: number | null): Waiting {
  const nextAt = intermissionMs === null ? null : at + intermissionMs;
  return { ...baseOf(room), phase: 'waiting', game: room.game, round: room.round, nextAt };
}

function extended(question: Question, ms: number): Question {
  if (question.deadline === null) return question;
  return { ...question, deadline: question.deadline + ms, closesAt: question.closesAt + ms };
}

function paused(room: Waiting | Asking, event: RecordedEvent<'GAME_PAUSED'>): Paused {
  const was =
    room.phase === 'waiting'
      ? ({ phase: 'waiting', nextAt: room.nextAt } as const)
      : ({ phase: 'question', question: room.question } as const);
  return {
    ...baseOf(room),
    phase: 'paused',
    game: room.game,
    round: room.round,
    reason: event.data.reason,
    pausedAt: event.at,
    remainingMs: event.data.remainingMs,
    was,
  };
}

/** What was to come moves on by as long as the pause was. */
function resumed(room: Paused, at: number): Room {
  const base = { ...baseOf(room), game: room.game, round: room.round };
  const pausedMs = at - room.pausedAt;
  if (room.was.phase === 'waiting') {
    const { nextAt } = room.was;
    return { ...base, phase: 'waiting', nextAt: nextAt === null ? null : nextAt + pausedMs };
  }
  return { ...base, phase: 'question', question: afterPause(room.was.question, room.pausedAt, at) };
}

/** The question as it goes on after a pause from `from` to `to`. */
export function afterPause(question: Question, from: number, to: number): Question {
  const ms = to - from;
  const early = from < question.opensAt;
  return {
    ...question,
    opensAt: early ? question.opensAt + ms : question.opensAt,
    deadline: question.deadline === null ? null : question.deadline + ms,
    closesAt: question.closesAt + ms,
    pauses: early ? question.pauses : [...question.pauses, { from, to }],
  };
}

function over(room: Room, data: EventData<'GAME_OVER'>): Room {
  if (room.phase === 'lobby' || room.phase === 'over') return room;
  const { game, round } = room;
  return { ...baseOf(room), phase: 'over', game, round, board: data.entries, podium: data.podium };
}

/** Appends a fact to the room's memory and forgets the oldest beyond the limit. */
export function remember(askedFacts: readonly string[], factKey: string): readonly string[] {
  return [...askedFacts.filter((key) => key !== factKey), factKey].slice(-limits.askedFactsMax);
}

/** What every phase has; leaves behind what only the old phase had. */
function baseOf(room: Room) {
  const { epoch, settings, pace, players, banned, preparing, slots, asked: askedFacts } = room;
  const { shown, accuracy, truths, board, lastRoundId, result } = room;
  return {
    room: room.room,
    epoch,
    settings,
    pace,
    players,
    banned,
    preparing,
    slots,
    asked: askedFacts,
    shown,
    accuracy,
    truths,
    board,
    lastRoundId,
    result,
  };
}
