import { describe, expect, test } from 'vitest';
import { isBenchmark } from './names.ts';
import { cpuUsIn, processCpuUs, processPssBytes } from './support/cost.ts';
import { atLeast, atMost, median, percentile, rowOf } from './support/figures.ts';
import { interleaved, many } from './support/interleaved.ts';
import { tableOf } from './support/publish.ts';
import { keptAs } from './support/record.ts';

const cost = (rate: number) => ({ rate, clientUs: 10, serverUs: 5 });

describe('the figures of a benchmark', () => {
  test('the median is the middle one, of an even number between the middle two', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 2, 9, 1])).toBe(5.5);
    expect(median([7])).toBe(7);
    expect(median([])).toBeNaN();
  });

  test('a percentile is a number that was measured, by the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
    expect([0.5, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([50, 99, 100]);
    expect(percentile([3, 1, 2], 0.5)).toBe(2);
    expect(percentile([10, 9], 0.99)).toBe(10);
    expect(percentile([], 0.5)).toBeNaN();
  });

  test('ours stands above the line of a ratio', () => {
    const { ours, ratios } = rowOf({
      name: 'step',
      unit: '/s',
      samples: { ours: [cost(300), cost(100), cost(200)], floor: [cost(400)], BullMQ: [cost(50)] },
    });
    expect(ours).toEqual({ value: 200, clientUs: 10, serverUs: 5 });
    expect(ratios).toEqual({ floor: 0.5, BullMQ: 4 });
  });

  test('CPU of the client and of Valkey count together, and less of it is better', () => {
    const costs = (clientUs: number, serverUs: number) => [{ rate: 1, clientUs, serverUs }];
    const { cpuRatios } = rowOf({
      name: 'step',
      unit: '/s',
      samples: { ours: costs(80, 20), floor: costs(30, 20), BullMQ: costs(120, 180) },
    });
    expect(cpuRatios).toEqual({ floor: 0.5, BullMQ: 3 });
    const inMs = rowOf({ name: 'handoff', unit: 'ms', samples: { ours: [1], floor: [2] } });
    expect(inMs).not.toHaveProperty('cpuRatios');
  });

  test('a mark is judged before the figure is rounded for people', () => {
    const held = (bound: ReturnType<typeof atLeast>, ours: number) =>
      rowOf({ name: 'x', unit: 'ms', samples: { ours: [ours], floor: [1_000] }, bounds: [bound] }).marks[0]
        ?.held;
    expect(held(atLeast(0.6, 'floor'), 599.9)).toBe(false);
    expect(held(atLeast(0.6, 'floor'), 600)).toBe(true);
    expect(held(atMost(1.02, 'floor'), 1_020.1)).toBe(false);
    expect(held(atMost(25), 25)).toBe(true);
    expect(held(atMost(25), 25.01)).toBe(false);
  });

  test('a mark by something that was not measured is an error, not held', () => {
    const row = () => rowOf({ name: 'x', unit: '', samples: { ours: [1] }, bounds: [atLeast(3, 'BullMQ')] });
    expect(row).toThrow('a mark by BullMQ');
    expect(() => rowOf({ name: 'x', unit: '', samples: { floor: [1] } })).toThrow('no samples of ours');
  });

  test('no figure at all holds no mark', () => {
    const { marks } = rowOf({ name: 'x', unit: '', samples: { ours: [] }, bounds: [atMost(1), atLeast(0)] });
    expect(marks.map(({ held }) => held)).toEqual([false, false]);
  });

  test('the table says what falls short, and by how much', () => {
    const row = (ours: number) =>
      rowOf({
        name: 'step',
        unit: '/s',
        samples: { ours: [cost(ours)], floor: [cost(1_000)], BullMQ: [cost(200)] },
        bounds: [atLeast(0.6, 'floor'), atLeast(3, 'BullMQ')],
      });
    expect(tableOf([row(700), row(500)]).slice(2)).toEqual([
      '| step | 700/s (10 + 5 us) | 1,000/s (10 + 5 us) | BullMQ 200/s (10 + 5 us) | floor 0.7 (CPU 1); BullMQ 3.5 (CPU 1) | ours / floor >= 0.6; ours / BullMQ >= 3 | held |',
      '| step | 500/s (10 + 5 us) | 1,000/s (10 + 5 us) | BullMQ 200/s (10 + 5 us) | floor 0.5 (CPU 1); BullMQ 2.5 (CPU 1) | ours / floor >= 0.6; ours / BullMQ >= 3 | **short: 0.5, 2.5** |',
    ]);
  });
});

describe('the repeats of a benchmark', () => {
  test('alternate, each round beginning with another contender, and warming up counts for nothing', async () => {
    const ran: string[] = [];
    const contender = (name: string) => async (run: number) => {
      ran.push(`${name}${run}`);
      return run;
    };
    const samples = await interleaved(
      'x',
      { ours: contender('o'), floor: contender('f') },
      { rounds: 2, warmUps: 1, tell: () => undefined },
    );
    expect(ran).toEqual(['o0', 'f1', 'f2', 'o3', 'o4', 'f5']);
    expect(samples).toEqual({ ours: [3, 4], floor: [2, 5] });
  });

  test('so many at once are that many, and each piece is done once', async () => {
    const begun: number[] = [];
    let [now, most] = [0, 0];
    await many(10, 3, async (at) => {
      begun.push(at);
      now += 1;
      most = Math.max(most, now);
      await Promise.resolve();
      now -= 1;
    });
    expect(begun.toSorted((one, other) => one - other)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(most).toBe(3);
  });
});

test('the CPU of a process is that of user and system, whatever its name', () => {
  const times = 'S 1 1 1 0 -1 4194560 100 0 0 0 250 50 9 9 20 0 11 0 100 0 0';
  expect(cpuUsIn(`42 (a (b) c) ${times}`)).toBe(3_000_000);
});

test.runIf(process.platform === 'linux')('Linux tells what a process takes', () => {
  const { user, system } = process.cpuUsage();
  expect(Math.abs(processCpuUs(process.pid) - user - system)).toBeLessThan(500_000);
  expect(processPssBytes(process.pid)).toBeGreaterThan(1_000_000);
  expect(processPssBytes(process.pid)).toBeLessThan(process.memoryUsage.rss() * 2);
});

test('results are kept a row a line, and read back as they were', () => {
  const results = { name: 'engine', machine: { cpu: 'x' }, rows: [{ name: 'a' }, { name: 'b' }] };
  const kept = keptAs(JSON.stringify(results));
  expect(JSON.parse(kept)).toEqual(results);
  expect(kept.trimEnd().split('\n')).toHaveLength(4);
});

test('each benchmark is a program of its own that can be asked for by its name', () => {
  expect(isBenchmark('engine')).toBe(true);
  expect([undefined, 'nope', 'toString'].some(isBenchmark)).toBe(false);
});
