// The schedule of faults: from one seed always the same, nothing missing, nothing beyond the end.

import { describe, expect, test } from 'vitest';
import { createRandom } from './random.ts';
import { faultNames, nameOf, type Planned, schedule } from './schedule.ts';

const kinds = ['server', 'writer'];
const chapter = { seed: 7, ms: 120_000, kinds, killsPerMinute: 190, valkeyPerMinute: 10 };
const planned = schedule(chapter);
const of = (fault: string) => planned.filter((one) => one.fault === fault);

describe('a schedule', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(schedule(chapter)).toEqual(planned);
    expect(schedule({ ...chapter, seed: 8 })).not.toEqual(planned);
  });

  test('has every fault of every kind', () => {
    expect(new Set(planned.map(nameOf))).toEqual(new Set(faultNames(kinds)));
  });

  test('kills and restarts as often as it was told, within a fifth', () => {
    expect(of('kill').length).toBeGreaterThan(2 * 190 * 0.8);
    expect(of('kill').length).toBeLessThan(2 * 190 * 1.2);
    const ends = planned.filter(({ fault }) => /^valkey (kill|cut|full)$/.test(fault));
    expect(ends.length).toBeGreaterThan(2 * 10 * 0.8);
  });

  test('is in order, and over when the chapter is', () => {
    expect(planned.map(({ atMs }) => atMs)).toEqual(
      planned.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
    );
    for (const { atMs, lastsMs } of planned) expect(atMs + lastsMs).toBeLessThanOrEqual(chapter.ms);
  });

  test('has faults that run at the same time', () => {
    const overlaps = (one: Planned) =>
      planned.some(
        ({ fault, atMs }) => fault !== one.fault && atMs > one.atMs && atMs < one.atMs + one.lastsMs,
      );
    expect(planned.filter(({ lastsMs }) => lastsMs > 0).filter(overlaps).length).toBeGreaterThan(20);
  });

  test('stops processes for longer than a lease of 5 s, but at the end', () => {
    const early = of('stop').filter(({ atMs }) => atMs < chapter.ms - 10_000);
    for (const { lastsMs } of early) expect(lastsMs).toBeGreaterThan(5_000);
  });
});

test('chance from a seed is even', () => {
  const random = createRandom(3);
  const drawn = Array.from({ length: 40_000 }, () => random.between(0, 3));
  for (const value of [0, 1, 2, 3]) {
    expect(Math.abs(drawn.filter((one) => one === value).length - 10_000)).toBeLessThan(500);
  }
  expect(random.shuffled([1, 2, 3, 4]).toSorted()).toEqual([1, 2, 3, 4]);
  for (const value of Array.from({ length: 1_000 }, random.next)) {
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThan(1);
  }
});
