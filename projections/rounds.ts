// `game:round:<room>:<n>`: one document per round of the running game. Holds no truth before the round has a
// result.

import type { RecordedEvent } from '../core/events.ts';
import type { Question, Result } from '../core/messages.ts';
import { questionView, resultView } from '../core/player-view.ts';
import type { Room } from '../core/state.ts';
import type { Projection } from './projection.ts';

interface Round {
  readonly game: string | null;
  readonly status: 'open' | 'closed' | 'complete' | 'skipped' | 'voided';
  readonly question: Question;
  readonly result: Result | null;
}
type Rounds = ReadonlyMap<number, Round>;

export const rounds: Projection<Rounds> = {
  initial: new Map(),
  evolve(known, event, after) {
    if (event.type === 'GAME_START') return new Map();
    const number = roundOf(known, event);
    if (number === null) return known;
    const next = roundAfter(known.get(number), event, after);
    return next === null ? known : new Map(known).set(number, next);
  },
  documents: (known, room) =>
    new Map(
      [...known].map(([number, round]) => [`game:round:${room.room}:${number}`, { round: number, ...round }]),
    ),
};

/** A voided round is named by its id alone. */
function roundOf(known: Rounds, { round, roundId, type }: RecordedEvent): number | null {
  if (type !== 'ROUND_VOIDED') return round;
  const found = [...known].find(([, { question }]) => question.roundId === roundId);
  return found?.[0] ?? null;
}

function roundAfter(round: Round | undefined, event: RecordedEvent, after: Room): Round | null {
  if (event.type === 'NEW_QUESTION') {
    if (after.phase !== 'question') return null;
    const question = questionView(after, after.question, after.round);
    return { game: event.game, status: 'open', question, result: null };
  }
  if (round === undefined) return null;
  switch (event.type) {
    case 'ROUND_EXTENDED':
    case 'GAME_RESUMED':
      if (after.phase !== 'question') return null;
      return { ...round, question: questionView(after, after.question, after.round) };
    case 'ROUND_CLOSED':
      return { ...round, status: 'closed' };
    case 'ROUND_RESULT':
      return { ...round, result: resultView(event) };
    case 'ROUND_COMPLETE':
      return { ...round, status: 'complete' };
    case 'ROUND_SKIPPED':
      // Taken back while it was asked: that says more.
      return round.status === 'voided' ? round : { ...round, status: 'skipped' };
    case 'ROUND_VOIDED':
      return { ...round, status: 'voided' };
    default:
      return null;
  }
}
