import { expect, test } from 'vitest';
import { project, summaryOf, unprojected } from '../../projections/projector.ts';
import { playedGame } from '../support/played-game.ts';

const projected = (trial?: boolean) => {
  const { log } = playedGame();
  const all = log.map((event) =>
    event.type === 'ROOM_CREATED' && trial !== undefined
      ? { ...event, data: { ...event.data, trial } }
      : event,
  );
  return project(unprojected, all);
};

test('a room to try things out in is one to its last event, in its line and in the games that it leaves', () => {
  for (const [trial, is] of [
    [true, true],
    [false, false],
    // As events say it that were written before there were any.
    [undefined, false],
  ] as const) {
    const { folded, past } = projected(trial);
    if (folded.state.phase !== 'over') throw new Error('the game is not over');
    expect([summaryOf(folded.state, folded).trial, past.over?.game.trial]).toEqual([is, is]);
  }
});
