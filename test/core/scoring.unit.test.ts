import { describe, expect, test } from 'vitest';
import type { Player } from '../../core/players.ts';
import { elapsedMs, pointsFor, ranked, scoreRound, streakBonus } from '../../core/scoring.ts';
import {
  aClosedRound,
  anOpenQuestion,
  aPlayerId,
  playerOf,
  questionOf,
  roomOf,
} from '../support/histories.ts';
import { answer, ask, finish, join } from '../support/played-game.ts';

// An open question of ten seconds; its opening is moment 0.
const table = anOpenQuestion()();
const question = questionOf(table);
const at = (ms: number) => question.opensAt + ms;
const points = (ms: number, speed = true) => pointsFor(question, at(ms), speed);

describe('points of a right answer', () => {
  test('are 900 after two of ten seconds', () => expect(points(2_000)).toBe(900));
  test('are the same for whoever answers within half a second', () => {
    expect([points(0), points(499), points(500)]).toEqual([975, 975, 975]);
    expect(points(600)).toBe(970);
  });
  test('are 500 at the deadline and in the second of grace', () => {
    expect([points(10_000), points(10_001), points(11_000)]).toEqual([500, 500, 500]);
  });
  test('are 1000 without speed points', () => expect(points(9_000, false)).toBe(1_000));
  test('are 1000 without a clock', () => {
    const relaxed = questionOf(anOpenQuestion(['Ada'], { seconds: null })());
    expect(pointsFor(relaxed, relaxed.opensAt + 60_000, true)).toBe(1_000);
  });
});

describe('the clock of a question', () => {
  test('stands still while the game is paused', () => {
    const paused = anOpenQuestion()();
    paused.now += 2_000;
    paused.act({ type: 'pauseGame', reason: 'host', now: paused.now });
    paused.now += 60_000;
    paused.act({ type: 'resumeGame' });
    const after = questionOf(paused);
    expect(elapsedMs(after, paused.now)).toBe(2_000);
    expect(after.deadline).toBe((question.deadline ?? 0) - question.opensAt + after.opensAt + 60_000);
    expect(pointsFor(after, paused.now, true)).toBe(900);
  });

  test('of a pause before the opening only begins later', () => {
    const early = anOpenQuestion()();
    const { opensAt } = questionOf(early);
    early.now = opensAt - 500;
    early.act({ type: 'pauseGame', reason: 'host', now: early.now });
    early.now += 10_000;
    early.act({ type: 'resumeGame' });
    expect(questionOf(early).opensAt).toBe(opensAt + 10_000);
    expect(elapsedMs(questionOf(early), opensAt + 10_500)).toBe(500);
  });

  test('runs longer when the host extends it, and the longer time counts', () => {
    const longer = anOpenQuestion()();
    const { roundId, opensAt } = questionOf(longer);
    longer.act({ type: 'extendRound', roundId, ms: 10_000, requestId: 'one' });
    expect(questionOf(longer).deadline).toBe(opensAt + 20_000);
    expect(pointsFor(questionOf(longer), opensAt + 10_000, true)).toBe(750);
  });
});

describe('streaks', () => {
  test('earn 50, 100, 150 and 200 from the second to the fifth right answer on', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 20].map(streakBonus)).toEqual([0, 0, 50, 100, 150, 200, 200, 200]);
  });

  test('end with a wrong answer and with none, but not for whoever came late', () => {
    const game = anOpenQuestion(['Ada', 'Bo'], { rounds: 3 })();
    answer(game, playerOf(game, 'Ada'), 'FACT', 1_000);
    answer(game, playerOf(game, 'Bo'), 'FACT', 1_000);
    finish(game);
    ask(game);
    join(game, 'Late');
    answer(game, playerOf(game, 'Bo'), 'FAKE', 1_000);
    finish(game);
    const streaks = [...roomOf(game).players.values()].map(({ name, streak }) => [name, streak]);
    expect(streaks).toEqual([
      ['Ada', 0],
      ['Bo', 0],
      ['Late', 0],
    ]);
  });

  test('can be switched off', () => {
    const run = (streaks: boolean) => {
      const game = anOpenQuestion(['Ada'], { rounds: 3, streaks, speedPoints: false })();
      answer(game, playerOf(game, 'Ada'), 'FACT', 1_000);
      finish(game);
      ask(game);
      answer(game, playerOf(game, 'Ada'), 'FACT', 1_000);
      finish(game);
      return roomOf(game).players.get(playerOf(game, 'Ada'))?.score;
    };
    expect([run(true), run(false)]).toEqual([2_050, 2_000]);
  });
});

describe('places', () => {
  const player = (name: string, score: number, joinedRev: number): Player => {
    const id = aPlayerId();
    return { id, name, nameKey: name, joinedRev, gone: null, score, streak: 0, right: 0, rank: 0, change: 0 };
  };

  test('are shared by equal scores, and the next one counts on', () => {
    const order = ranked([player('a', 5, 1), player('b', 9, 2), player('c', 9, 3), player('d', 1, 4)]);
    expect(order.map(({ player: { name }, rank }) => [name, rank])).toEqual([
      ['b', 1],
      ['c', 1],
      ['a', 3],
      ['d', 4],
    ]);
  });

  test('say how many were won or lost since the board before', () => {
    const game = anOpenQuestion(['Ada', 'Bo'], { rounds: 3 })();
    answer(game, playerOf(game, 'Ada'), 'FACT', 5_000);
    finish(game);
    ask(game);
    answer(game, playerOf(game, 'Bo'), 'FACT', 1_000);
    finish(game);
    const last = game.log.findLast((event) => event.type === 'LEADERBOARD_UPDATE');
    const changes = last?.data.entries.map(({ name, rank, change }) => [name, rank, change]);
    expect(changes).toEqual([
      ['Bo', 1, 1],
      ['Ada', 2, -1],
    ]);
  });
});

describe('a round that is scored', () => {
  test('counts only who was there when it was asked: the others keep score and streak', () => {
    const game = anOpenQuestion()();
    join(game, 'Late');
    const result = scoreRound(roomOf(game), questionOf(game), []);
    expect(result.split).toEqual({ FACT: 0, FAKE: 0, none: 2 });
    expect(result.results).toHaveLength(3);
  });

  test('leaves the kicked off the board, and whoever left by himself on it', () => {
    const game = anOpenQuestion(['Ada', 'Bo', 'Cy'])();
    game.act({ type: 'kickPlayer', playerId: playerOf(game, 'Bo'), ban: false });
    game.act({ type: 'leavePlayer', playerId: playerOf(game, 'Cy') });
    const { board } = scoreRound(roomOf(game), questionOf(game), []);
    expect(board.map(({ name }) => name)).toEqual(['Ada', 'Cy']);
  });

  test('nobody answered is scored, too', () => {
    const { results, split } = scoreRound(roomOf(aClosedRound()()), question, []);
    expect(results.every((row) => row.points === 0)).toBe(true);
    expect(split.none).toBe(2);
  });
});
