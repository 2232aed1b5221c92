import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../core/events.ts';
import { pauses } from '../support/through-arena.ts';
import { lapOf } from './handoff/lap.ts';

test('a hand-off takes from where its commit begins to the first start of its handler', async () => {
  const lap = lapOf({ handoffs: 4, perSecond: 1_000, streams: 2 });
  const passed: [number, number][] = [];
  // Number 3 is told of twice, as an entry is that was delivered again, and 9 was never begun.
  const delays = await lap.run(async (number, stream, begins) => {
    passed.push([number, stream]);
    lap.arrived(9);
    await new Promise((resolve) => setTimeout(resolve, 300));
    begins();
    await new Promise((resolve) => setTimeout(resolve, 20));
    lap.arrived(number);
    lap.arrived(number);
  });
  expect(passed).toEqual([
    [0, 0],
    [1, 1],
    [2, 0],
    [3, 1],
  ]);
  expect(delays).toHaveLength(4);
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(19);
  expect(Math.min(...delays)).toBeLessThan(300);
});

test('hand-offs begin by the timetable, not one after the other', async () => {
  const lap = lapOf({ handoffs: 10, perSecond: 100, streams: 1 });
  const since = performance.now();
  const begun: number[] = [];
  await lap.run(async (number, _stream, begins) => {
    begins();
    begun.push(performance.now() - since);
    await new Promise((resolve) => setTimeout(resolve, 200));
    lap.arrived(number);
  });
  // None is early, and all begin before the first has arrived; one after the other would take two seconds.
  for (const [number, at] of begun.entries()) expect(at).toBeGreaterThanOrEqual(number * 10);
  expect(begun.at(-1)).toBeLessThan(1_500);
});

test('a gap goes from the end of a round to the next question, whatever stands between', () => {
  const log = [
    ['NEW_QUESTION', 1_000],
    ['ROUND_COMPLETE', 6_000],
    ['START_ROUND', 6_100],
    ['NEW_QUESTION', 12_020],
    ['ROUND_COMPLETE', 17_000],
    ['NEW_QUESTION', 23_500],
    ['ROUND_COMPLETE', 28_000],
    ['GAME_OVER', 28_000],
  ].map(([type, at], index) => ({ type, at, rev: index + 1 })) as unknown as RecordedEvent[];
  expect(pauses(log)).toEqual([6_020, 6_500]);
});
