import { afterAll, beforeAll, expect, test } from 'vitest';
import { groupInfos } from '../../../streams/admin/group-infos.ts';
import type { Valkey } from '../../../streams/valkey/connection.ts';
import { startFakeOllama } from '../../support/fake-ollama.ts';
import { type Serving, startServing } from '../../support/serving.ts';
import { connectTo } from '../../support/valkey.ts';

let arena: Serving;
let commands: Valkey;
let ollama: Awaited<ReturnType<typeof startFakeOllama>>;

beforeAll(async () => {
  ollama = await startFakeOllama();
  arena = await startServing({
    RESEARCHER_PROVIDER: 'ollama',
    WRITER_PROVIDER: 'ollama',
    EDITOR_PROVIDER: 'ollama',
    OLLAMA_URL: ollama.url,
  });
  commands = await connectTo(arena.valkey.url);
});
afterAll(async () => {
  commands.disconnect();
  await arena.stop();
  await ollama.stop();
});

/** Every group has seen to whatever was written so far. */
async function untilAllIsDone(): Promise<void> {
  const state = async () =>
    (await groupInfos(commands, 'game:feed')).map(({ lag, pending }) => [lag, pending]);
  await expect.poll(state, { timeout: 20_000 }).toEqual(Array(5).fill([0, 0]));
}

test('a room asks no model before somebody sits there: not for being made or set, and not for a host or a screen', async () => {
  const { room, hostToken } = await arena.makeRoom();
  const host = arena.client({ room, role: 'host', token: hostToken });
  const screen = arena.client({ room, role: 'screen' });
  for (const client of [host, screen]) await client.connect();
  await host.request('settings', { topic: 'Cheese' });
  await untilAllIsDone();
  expect(ollama.requests).toHaveLength(0);
  expect(await commands.zcard('game:timers')).toBe(0);

  // Three claims ahead, each found, written and judged.
  await arena.client({ room, name: 'Ada' }).connect();
  await expect.poll(() => ollama.requests.length, { timeout: 20_000 }).toBe(9);
});

test('a game for one begins at once, though nothing was prepared for it', async () => {
  const { room, hostToken } = await arena.makeRoom({ rounds: 1 });
  const host = arena.client({ room, role: 'host', token: hostToken, name: 'Ada' });
  await host.connect();
  await host.request('start', { after: null });
  await host.until(() => host.frame('NEW_QUESTION') !== undefined);
});
