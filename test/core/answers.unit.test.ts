import { expect, test } from 'vitest';
import type { PlayerId } from '../../core/ids.ts';
import type { Room } from '../../core/state.ts';
import { anOpenQuestion, aRoundId, playerOf, questionOf, roomOf } from '../support/histories.ts';
import { answer, ask, finish } from '../support/played-game.ts';

const given = (room: Room): Map<PlayerId, string> =>
  room.phase === 'question' || room.phase === 'closed'
    ? new Map(
        room.question.answers
          .values()
          .map(({ playerId, answer: choice, at }) => [playerId, `${choice} ${at}`]),
      )
    : new Map();

test('a question has the answers given to it, each at its moment, and the next one begins with none', () => {
  const table = anOpenQuestion(['Ada', 'Bo'])();
  const [ada, bo] = [playerOf(table, 'Ada'), playerOf(table, 'Bo')];
  const { opensAt } = questionOf(table);
  answer(table, ada, 'FACT', 100);
  const before = roomOf(table);
  answer(table, bo, 'FAKE', 200);
  const both = new Map([
    [ada, `FACT ${opensAt + 100}`],
    [bo, `FAKE ${opensAt + 200}`],
  ]);
  expect(given(roomOf(table))).toEqual(both);
  expect(given(before)).toEqual(new Map([[ada, `FACT ${opensAt + 100}`]]));
  finish(table);
  ask(table);
  expect(given(roomOf(table))).toEqual(new Map());
});

test('an answer to another question is none to this one', () => {
  const table = anOpenQuestion(['Ada'])();
  const data = { playerId: playerOf(table, 'Ada'), answer: 'FACT' } as const;
  const scope = { game: null, round: null, cycleId: null, roundId: aRoundId() };
  table.append({ type: 'ANSWER_SUBMITTED', ...scope, data }, 'another');
  expect(given(roomOf(table))).toEqual(new Map());
});
