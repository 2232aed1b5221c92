// One chapter of faults, short: each kind of fault once, on the example of orders. `npm run faults`
// plays long ones, with other faults for each seed.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Chapter, playChapter } from './chapter.ts';
import { faultNames, nameOf, type Planned } from './schedule.ts';
import { world } from './worlds/orders.ts';

const ms = 14_000;

/** Faults follow one another closely enough to overlap, and the stops outlast a lease. */
const planned: readonly Planned[] = [
  { fault: 'stop', kind: 'worker', atMs: 0, lastsMs: 6_000, chance: 0.5 },
  { fault: 'line slow', kind: null, atMs: 200, lastsMs: 1_500, chance: 0.2 },
  { fault: 'clock', kind: 'gate', atMs: 400, lastsMs: 3_000, chance: 0.9 },
  { fault: 'kill', kind: 'worker', atMs: 800, lastsMs: 0, chance: 0.5 },
  { fault: 'line cut reply', kind: null, atMs: 1_500, lastsMs: 2_500, chance: 0.5 },
  { fault: 'valkey kill', kind: null, atMs: 3_000, lastsMs: 0, chance: 0.5 },
  { fault: 'clock', kind: 'worker', atMs: 3_500, lastsMs: 3_000, chance: 0.1 },
  { fault: 'line reset', kind: null, atMs: 4_500, lastsMs: 0, chance: 0.9 },
  { fault: 'valkey stop', kind: null, atMs: 5_000, lastsMs: 700, chance: 0.5 },
  { fault: 'line drip', kind: null, atMs: 6_000, lastsMs: 1_500, chance: 0.5 },
  { fault: 'stop', kind: 'gate', atMs: 6_500, lastsMs: 6_000, chance: 0.5 },
  { fault: 'kill', kind: 'gate', atMs: 7_000, lastsMs: 0, chance: 0.5 },
  { fault: 'valkey cut', kind: null, atMs: 8_500, lastsMs: 0, chance: 0.7 },
  { fault: 'line half-open', kind: null, atMs: 10_000, lastsMs: 1_500, chance: 0.3 },
  { fault: 'valkey full', kind: null, atMs: 11_000, lastsMs: 1_000, chance: 0.5 },
];

test(
  'orders come to their ends under each kind of fault, with nothing lost, doubled or out of order',
  {
    timeout: 180_000,
  },
  async () => {
    expect(new Set(planned.map(nameOf))).toEqual(new Set(faultNames(world.kinds)));
    const folder = await mkdtemp(join(tmpdir(), 'arena-faults-'));
    try {
      await world.prepare?.(folder);
      const chapter = await playChapter({
        world,
        seed: 1,
        ms,
        killsPerMinute: 1,
        valkeyPerMinute: 1,
        folder: join(folder, 'orders'),
        planned,
        missing: new Set(),
        few: true,
      });
      assertGood(chapter);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);

function assertGood({ verdict, failures, counts, restarts }: Chapter): void {
  expect(failures).toEqual([]);
  expect({ ...verdict, counts: {} }).toEqual({ counts: {}, lost: [], doubled: [], disorder: [] });
  expect(verdict.counts['orders']).toBeGreaterThan(10);
  expect(counts.outcomes.ok).toBeGreaterThan(50);
  expect(restarts).toBeGreaterThanOrEqual(2);
  const held = [...counts.faults].filter(([, { held }]) => held > 0).map(([name]) => name);
  expect(held).toEqual(expect.arrayContaining(['kill worker', 'kill gate', 'valkey kill', 'valkey stop']));
  expect(held).toEqual(expect.arrayContaining(['line reset', 'line half-open', 'clock worker']));
}
