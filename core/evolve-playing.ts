// The half of `evolve` that moves a game from phase to phase, and the answers on the way. Called by `evolve`
// alone.

import { Answers } from './answers.ts';
import { nothingSpent } from './claim.ts';
import { assertNever } from './errors.ts';
import type { EventData, PlayerResult, RecordedEvent } from './events.ts';
import { limits } from './limits.ts';
import { type Player, Players } from './players.ts';
import { afterPause, closesInMs, extendedBy } from './round-clock.ts';
import {
  type Asking,
  type Closed,
  hasQuestion,
  membersOf,
  type Paused,
  type Room,
  type Waiting,
} from './state.ts';

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
      return room.phase === 'question' ? { ...room, phase: 'closed' } : room;
    case 'ROUND_RESULT':
      return room.phase === 'closed' ? resulted(room, event) : room;
    case 'LEADERBOARD_UPDATE':
      // The board follows from the scores.
      return room;
    case 'ROUND_COMPLETE':
      return room.phase === 'closed' ? waiting(room, event.at, event.data.intermissionMs) : room;
    case 'ROUND_EXTENDED':
      return room.phase === 'question'
        ? { ...room, question: extendedBy(room.question, event.data.ms) }
        : room;
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

const nothingYet = { score: 0, streak: 0, right: 0, rank: 0, change: 0 } as const;

/** Scores start again at zero; players who left before are removed. */
function started(room: Room, event: RecordedEvent<'GAME_START'>): Room {
  if (event.game === null) return room;
  const fresh = membersOf(room).map((player): Player => ({ ...player, ...nothingYet }));
  return {
    ...baseOf(room),
    phase: 'waiting',
    game: event.game,
    settings: event.data.settings,
    players: Players.of(fresh),
    lastRoundId: null,
    counted: [],
    resultOf: null,
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
  const closesAt = event.at + closesInMs(event.data);
  const { truth } = claim.verdict;
  return {
    ...baseOf(room),
    phase: 'question',
    game: room.game,
    round: event.round,
    preparing: room.preparing.filter((preparation) => preparation !== ready),
    asked: withNewest(room.asked, claim.factKey, limits.askedFactsMax),
    shown: new Set(withNewest([...room.shown], event.roundId, limits.shownRoundsMax)),
    truths: { ...room.truths, [truth]: room.truths[truth] + 1 },
    lastRoundId: event.roundId,
    resultOf: null,
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
      answers: Answers.none,
    },
  };
}

/** One more answer to the question that is open. */
export function answered(room: Room, event: RecordedEvent<'ANSWER_SUBMITTED'>): Room {
  if (room.phase !== 'question' || room.question.roundId !== event.roundId) return room;
  const { question } = room;
  const answers = question.answers.with({ ...event.data, at: event.at });
  return { ...room, question: { ...question, answers } };
}

function resulted(room: Closed, event: RecordedEvent<'ROUND_RESULT'>): Room {
  const { results } = event.data;
  const answered = results.filter((result) => result.answer !== null);
  const right = answered.filter((result) => result.correct).length;
  const share = answered.length === 0 ? null : right / answered.length;
  const { roundId, openedRev } = room.question;
  return {
    ...room,
    players: withResults(room, results),
    counted: [...room.counted, { roundId, openedRev }],
    accuracy: share === null ? room.accuracy : [...room.accuracy, share].slice(-limits.accuracyRoundsMax),
    resultOf: roundId,
  };
}

function withResults(room: Room, results: readonly PlayerResult[]): Players {
  const resultOf = new Map(results.map((result) => [result.playerId, result]));
  return room.players.scored((player) => {
    const result = resultOf.get(player.id);
    if (result === undefined) return player;
    const { correct, score, streak, rank } = result;
    const right = player.right + (correct ? 1 : 0);
    const change = player.rank === 0 ? 0 : player.rank - rank;
    return { ...player, score, streak, right, rank, change };
  });
}

function skipped(room: Room, event: RecordedEvent<'ROUND_SKIPPED'>): Room {
  if (!hasQuestion(room)) return room;
  const { intermissionMs } = event.data;
  if (room.phase !== 'paused') return waiting(room, event.at, intermissionMs);
  // A pause stays one: what comes after it is the next question instead of this one.
  const nextAt = intermissionMs === null ? null : room.pausedAt + intermissionMs;
  return { ...room, remainingMs: intermissionMs, was: { phase: 'waiting', nextAt } };
}

function waiting(room: Closed | Asking, at: number, intermissionMs: number | null): Waiting {
  const nextAt = intermissionMs === null ? null : at + intermissionMs;
  return { ...baseOf(room), phase: 'waiting', game: room.game, round: room.round, nextAt };
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
  return {
    ...base,
    phase: 'question',
    question: afterPause(room.was.question, { from: room.pausedAt, to: at }),
  };
}

function over(room: Room, data: EventData<'GAME_OVER'>): Room {
  if (room.phase === 'lobby' || room.phase === 'over') return room;
  const { game, round } = room;
  // The last board is that of the game: between it and the round before no place has changed.
  const players = room.players.scored((player) => ({ ...player, change: 0 }));
  return { ...baseOf(room), players, phase: 'over', game, round, spent: nothingSpent, podium: data.podium };
}

/** Each item once, the newest last, the oldest beyond `max` forgotten. */
function withNewest<T>(items: readonly T[], newest: T, max: number): readonly T[] {
  return [...items.filter((item) => item !== newest), newest].slice(-max);
}

/** What every phase has; leaves behind what only the old phase had. */
function baseOf(room: Room) {
  const { epoch, settings, pace, players, banned, preparing, slots, thrownAway, asked: askedFacts } = room;
  const { trial, retracted, shown, accuracy, truths, spent, lastRoundId, counted, resultOf } = room;
  return {
    room: room.room,
    epoch,
    settings,
    pace,
    trial,
    players,
    banned,
    preparing,
    slots,
    thrownAway,
    asked: askedFacts,
    retracted,
    shown,
    accuracy,
    truths,
    spent,
    lastRoundId,
    counted,
    resultOf,
  };
}
