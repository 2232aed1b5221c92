// The histories of `histories.int.test.ts` with processes of their own, which are killed by SIGKILL, and with
// the deaths of the server.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { play } from './histories/play.ts';
import { openWorld, type World } from './histories/world.ts';

/** A tenth of all histories: a process costs a hundred times the work of a history. */
const histories = Math.floor(Number(process.env['MODEL_HISTORIES'] ?? 150) * 0.1);

let world: World;
beforeAll(async () => {
  world = await openWorld('processes');
});
afterAll(() => world.stop());

test('processes and a server that are killed never differ from the model', async () => {
  const file = 'test/model/histories-of-processes.int.test.ts';
  const played = await play(world, { file, histories, crashes: 2 });
  if (process.env['MODEL_PATH'] !== undefined) return;
  expect(played.kills).toBeGreaterThanOrEqual(Math.floor(histories / 4));
  expect(played.crashes).toBeGreaterThanOrEqual(Math.floor(histories / 4));
}, 3_600_000);
