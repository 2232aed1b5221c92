import { expect, test } from 'vitest';
import { timeAxis } from '../../server/web/ops/time-axis.ts';

const lobbyMs = 40 * 60_000;

test('an hour in the lobby does not squeeze the game into a corner of its plot', () => {
  const game = [0, 5_000, 12_000, 20_000].map((ms) => lobbyMs + ms);
  const axis = timeAxis([0, 100, ...game]);
  const [first, last] = [axis.drawn(game[0] ?? 0), axis.drawn(game[3] ?? 0)];
  expect((last - first) / axis.ms).toBeGreaterThan(0.4);
  expect(axis.cuts).toEqual([{ at: 100 + 10_000, ms: lobbyMs - 100 }]);
});

test('what follows quickly is drawn as it was', () => {
  const axis = timeAxis([500, 500, 1_500, 9_500]);
  expect([500, 1_500, 9_500].map(axis.drawn)).toEqual([0, 1_000, 9_000]);
  expect(axis).toMatchObject({ ms: 9_000, cuts: [] });
});
