// What a player is told of themselves, at any moment and however they came to it.

import { describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../../core/events.ts';
import { stateView, youOf } from '../../core/player-view.ts';
import { aGameId, anOpenQuestion, playerOf, questionOf, roomOf } from '../support/histories.ts';
import { answer, ask, finish, join, type Table } from '../support/played-game.ts';

const flat = { rounds: 3, streaks: false, speedPoints: false };

const you = (table: Table, name: string) => {
  const result = table.log.findLast(
    (event): event is RecordedEvent<'ROUND_RESULT'> => event.type === 'ROUND_RESULT',
  );
  return youOf(roomOf(table), result ?? null, playerOf(table, name));
};

/** Ada was right twice, Bo never; Cy came while the first question was open, and was right once. */
function twoRounds() {
  const table = anOpenQuestion(['Ada', 'Bo'], flat)();
  const { roundId: first } = questionOf(table);
  answer(table, playerOf(table, 'Ada'), 'FACT', 100);
  answer(table, playerOf(table, 'Bo'), 'FAKE', 100);
  join(table, 'Cy');
  finish(table);
  const second = ask(table);
  for (const name of ['Ada', 'Cy']) answer(table, playerOf(table, name), 'FACT', 100);
  finish(table);
  return { table, first, second };
}

/** Takes the first round back, whose points Ada alone has. */
function takeBack({ table, first }: ReturnType<typeof twoRounds>): void {
  const { game } = roomOf(table);
  if (game === null) throw new Error('no game');
  const points = [{ playerId: playerOf(table, 'Ada'), points: 1_000 }];
  const played = { game, round: 1, factKey: 'of the first', points };
  table.act({ type: 'retractRound', roundId: first, reason: 'wrong', played });
}

describe('a player', () => {
  test('is told how many answers were right, of the rounds that the player could answer', () => {
    const { table } = twoRounds();
    expect(you(table, 'Ada')).toMatchObject({ right: 2, counted: 2, score: 2_000, rank: 1 });
    expect(you(table, 'Bo')).toMatchObject({ right: 0, counted: 2, score: 0 });
    expect(you(table, 'Cy')).toMatchObject({ right: 1, counted: 1, score: 1_000 });
  });

  test('is told what the round on screen did, and nothing of a round that is behind', () => {
    const { table, second } = twoRounds();
    expect(you(table, 'Bo')).toMatchObject({ roundId: second, answer: null, correct: false, points: 0 });
    ask(table);
    expect(you(table, 'Bo')).toMatchObject({ roundId: null, correct: null, points: 0, counted: 2 });
  });

  test('has as many rounds less as were taken back, and the points and the place that are left', () => {
    const played = twoRounds();
    expect(you(played.table, 'Bo')).toMatchObject({ rank: 3, change: -1 });
    takeBack(played);
    expect(you(played.table, 'Ada')).toMatchObject({ right: 1, counted: 1, score: 1_000, rank: 1 });
    expect(you(played.table, 'Bo')).toMatchObject({ right: 0, counted: 1, change: 0 });
    expect(you(played.table, 'Cy')).toMatchObject({ right: 1, counted: 1, score: 1_000, rank: 1 });
  });

  test('is told how many places the last round won or lost, and so is whoever comes back to the board', () => {
    const table = anOpenQuestion(['Ada', 'Bo', 'Cy'], flat)();
    const places = () =>
      ['Ada', 'Bo', 'Cy'].map((name) => [you(table, name)?.rank, you(table, name)?.change]);
    const board = () => stateView(roomOf(table), null).entries.map(({ name, change }) => [name, change]);
    const onlyRight = (name: string) => {
      answer(table, playerOf(table, name), 'FACT', 100);
      finish(table);
    };
    onlyRight('Ada');
    expect(places()).toEqual([
      [1, 0],
      [2, 0],
      [2, 0],
    ]);
    ask(table);
    onlyRight('Cy');
    expect(places()).toEqual([
      [1, 0],
      [3, -1],
      [1, 1],
    ]);
    const told = table.log.findLast(({ type }) => type === 'LEADERBOARD_UPDATE');
    expect(told?.data).toMatchObject({ entries: board().map(([name, change]) => ({ name, change })) });
    // Until the next board: a question that is asked moves nobody.
    ask(table);
    expect(places()).toEqual([
      [1, 0],
      [3, -1],
      [1, 1],
    ]);
    table.act({ type: 'endGame', game: roomOf(table).game ?? aGameId() });
    expect(places()).toEqual([
      [1, 0],
      [3, 0],
      [1, 0],
    ]);
  });

  test('starts again with the next game, without a place before its first result', () => {
    const { table } = twoRounds();
    const { game } = roomOf(table);
    table.act({ type: 'endGame', game: game ?? aGameId() });
    table.act({ type: 'startGame', after: game, game: aGameId() });
    expect(you(table, 'Ada')).toMatchObject({ right: 0, counted: 0, score: 0, rank: 0, change: 0 });
  });
});
