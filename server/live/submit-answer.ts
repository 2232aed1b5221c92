// The fast path of answers: one commit by guards. Nothing is decided in this process, so thousands answer
// at once and do not conflict.

import type { SubmitAnswer } from '../../core/commands.ts';
import { keys } from '../../core/effect-names.ts';
import { answerGuards } from '../../core/effects.ts';
import type { Game } from '../../core/game.ts';
import type { RoomCode } from '../../core/ids.ts';
import type { State } from '../../core/state.ts';
import type { Context } from '../../streams/engine.ts';
import type { CommandHandler, CommitOutcome } from '../../streams/parts.ts';

/** `note` of a DUP is the first answer; `count` answers so far. Throws Fault. */
export function submitAnswer(
  rooms: CommandHandler<Game>,
  room: RoomCode,
  submission: SubmitAnswer,
  context: Context<Game>,
): Promise<CommitOutcome<Game>> {
  const { playerId, roundId, answer } = submission;
  const make = (state: State) =>
    ({
      key: keys.answer(roundId, playerId),
      note: answer,
      guards: answerGuards(submission),
      events: [{ type: 'ANSWER_SUBMITTED', ...scopeOf(state, roundId), data: { playerId, answer } }],
      count: 'answered',
    }) as const;
  return rooms.append(
    room,
    // A room that asks another question is not known well enough to say what the answer belongs to.
    ({ state }, fresh) => (fresh || asks(state, roundId) ? make(state) : null),
    context,
  );
}

const asks = (state: State, roundId: string): boolean =>
  state.phase === 'question' && state.question.roundId === roundId;

function scopeOf(state: State, roundId: SubmitAnswer['roundId']) {
  const game = state.phase === 'none' ? null : state.game;
  if (state.phase !== 'question' || state.question.roundId !== roundId) {
    return { game, round: null, cycleId: null, roundId };
  }
  return { game, round: state.round, cycleId: state.question.cycleId, roundId };
}
