// Random histories of commands on the real engine and a real Valkey, against a model: no acknowledged command
// lost, none done twice, in order, tries as counted. Processes live in this one here, and die by the cut of
// their connections; `histories-of-processes` has real ones.

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { play } from './histories/play.ts';
import { openWorld, type World } from './histories/world.ts';

vi.mock('../../streams/contract/limits.ts', async (original) => {
  const { limits, ...rest } = await original<typeof import('../../streams/contract/limits.ts')>();
  const { quickLimits } = await import('./histories/quick-limits.ts');
  return { ...rest, limits: { ...limits, ...quickLimits } };
});

/** Nine of ten of all histories. */
const histories = Math.ceil(Number(process.env['MODEL_HISTORIES'] ?? 150) * 0.9);

let world: World;
beforeAll(async () => {
  world = await openWorld('here');
});
afterAll(() => world.stop());

test('the engine never differs from its model, whoever dies', async () => {
  const file = 'test/model/histories.int.test.ts';
  const played = await play(world, { file, histories, crashes: 0 });
  // Histories without trouble would prove little; one that is given again may have none.
  if (process.env['MODEL_PATH'] === undefined)
    expect(played.kills).toBeGreaterThanOrEqual(Math.floor(histories / 4));
}, 3_600_000);
