// The games of a room that are over, with every question they had. They leave the room: people look them up
// by the game's id.

import type { RecordedEvent } from '../core/events.ts';
import type { PastGame, PastRound } from '../core/past-game.ts';
import { boardOf, onBoard, topOf } from '../core/scoring.ts';
import type { Room } from '../core/state.ts';

/** A game with the revision that changed it last. */
interface Ended {
  readonly rev: number;
  readonly game: PastGame;
}

export interface PastGames {
  readonly startedAt: number;
  /** Of the game that runs or ran last. */
  readonly rounds: readonly PastRound[];
  /** The game that ran last; null while one runs. */
  readonly over: Ended | null;
  /** Those before it, oldest first: a projector that comes late finds several at once. */
  readonly earlier: readonly Ended[];
}

export const noPastGames: PastGames = { startedAt: 0, rounds: [], over: null, earlier: [] };

/** `after` is the room with the event folded in. */
export function evolvePastGames(past: PastGames, event: RecordedEvent, after: Room): PastGames {
  if (event.type === 'GAME_START') {
    const earlier = past.over === null ? past.earlier : [...past.earlier, past.over];
    return { startedAt: event.at, rounds: [], over: null, earlier };
  }
  const rounds = roundsAfter(past.rounds, event);
  if (event.type === 'GAME_OVER')
    return { ...past, rounds, over: ended(past.startedAt, rounds, event, after) };
  if (rounds === past.rounds) return past;
  if (past.over === null) return { ...past, rounds };
  // Only a retraction changes a game that is over: its points are gone from the board.
  const { entries } = topOf(boardOf(onBoard(after)));
  return { ...past, rounds, over: { rev: event.rev, game: { ...past.over.game, rounds, entries } } };
}

function ended(
  startedAt: number,
  rounds: readonly PastRound[],
  { rev, room, game, at, data }: RecordedEvent<'GAME_OVER'>,
  after: Room,
): PastGames['over'] {
  if (game === null) return null;
  const { topic, difficulty, rounds: wanted, seconds } = after.settings;
  const { trial } = after;
  const settings = { topic, difficulty, rounds: wanted, seconds };
  const { entries, playerCount } = data;
  return { rev, game: { game, room, trial, startedAt, endedAt: at, settings, entries, playerCount, rounds } };
}

function roundsAfter(rounds: readonly PastRound[], event: RecordedEvent): readonly PastRound[] {
  const { roundId } = event;
  if (roundId === null) return rounds;
  if (event.type === 'NEW_QUESTION') {
    const { question, topic, difficulty } = event.data;
    const asked = { roundId, round: event.round ?? 0, question, topic, difficulty };
    return [...rounds, { ...asked, status: 'asked', result: null }];
  }
  const change = changeOf(event);
  if (change === null || !rounds.some((round) => round.roundId === roundId)) return rounds;
  return rounds.map((round) => {
    // Taken back while it was asked: that says more than that it was skipped.
    const settled = round.status === 'voided' && event.type === 'ROUND_SKIPPED';
    return round.roundId === roundId && !settled ? { ...round, ...change } : round;
  });
}

function changeOf(
  event: RecordedEvent,
): Pick<PastRound, 'status'> | Pick<PastRound, 'status' | 'result'> | null {
  switch (event.type) {
    case 'ROUND_RESULT': {
      const { truth, explanation, source, split } = event.data;
      return { status: 'complete', result: { truth, explanation, source, split } };
    }
    case 'ROUND_SKIPPED':
      return { status: 'skipped' };
    case 'ROUND_VOIDED':
      return { status: 'voided' };
    default:
      return null;
  }
}
