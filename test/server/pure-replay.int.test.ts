// Looking at a room calls no model and writes nothing: every verb that folds a log is run on a game of models
// after its server and its agents have ended, and the store is asked which commands it was sent.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { startFakeOllama } from '../support/fake-ollama.ts';
import { runVerb } from '../support/processes.ts';
import { serveOn } from '../support/serving.ts';
import { connectTo, startTestValkey, type TestValkey } from '../support/valkey.ts';

const byOllama = { RESEARCHER_PROVIDER: 'ollama', WRITER_PROVIDER: 'ollama', EDITOR_PROVIDER: 'ollama' };
let valkey: TestValkey;
let commands: Valkey;
let ollama: Awaited<ReturnType<typeof startFakeOllama>>;
let env: Record<string, string>;
let room: string;

beforeAll(async () => {
  valkey = await startTestValkey();
  ollama = await startFakeOllama();
  env = { ...byOllama, OLLAMA_URL: ollama.url };
  const arena = await serveOn(valkey.url, env);
  const made = await arena.makeRoom({ rounds: 2, seconds: 5 });
  room = made.room;
  const host = arena.client({ room, role: 'host', token: made.hostToken });
  const ada = arena.client({ room, name: 'Ada', choose: () => 'FACT' });
  for (const client of [host, ada]) await client.connect();
  await host.request('start', { after: null });
  await ada.until(() => ada.frame('GAME_OVER') !== undefined);
  await arena.stop();
  // Documents follow the log, and whoever writes them has just ended.
  expect((await runVerb(['rebuild', 'all', '--yes'], { VALKEY_URL: valkey.url })).code).toBe(0);
  commands = await connectTo(valkey.url);
});
afterAll(async () => {
  commands.disconnect();
  await ollama.stop();
  await valkey.stop();
});

/** Everything that is kept, byte by byte. */
async function everything(): Promise<Record<string, string>> {
  const names = (await commands.keys('*')).sort();
  const values = await Promise.all(names.map((name) => commands.dumpBuffer(name)));
  return Object.fromEntries(names.map((name, index) => [name, String(values[index]?.toString('base64'))]));
}

/** Commands by name that the store was sent since the last `CONFIG RESETSTAT`, also by its functions. */
const sent = async (): Promise<string[]> =>
  [...(await commands.info('commandstats')).matchAll(/^cmdstat_([^:]+):/gm)].map(([, name]) => name ?? '');

test('state, step, diff, replay, replay --verify and why write nothing and ask no model', async () => {
  const writing = new Set((await commands.call('ACL', 'CAT', 'write')) as string[]);
  const before = await everything();
  const asked = ollama.requests.length;
  expect(asked).toBeGreaterThan(0);
  await commands.config('RESETSTAT');
  for (const [words, said] of [
    [['state', room], '"phase": "over"'],
    [['state', room, '--at', '3', '--json'], '"rev":3'],
    [['step', room, '3', '--json'], '"before"'],
    [['diff', room, '1', '9'], '/players/'],
    [['replay', room], 'GAME_OVER'],
    [['replay', room, '--verify'], 'is sound'],
    [['why', room], 'The game is over.'],
  ] as const) {
    const { code, out, err } = await runVerb(words, { ...env, VALKEY_URL: valkey.url });
    expect({ words, code, out, err }).toEqual({
      words,
      code: 0,
      out: expect.stringContaining(said),
      err: '',
    });
  }
  const reading = await sent();
  expect(reading).toContain('xrange');
  expect(reading.filter((name) => writing.has(name))).toEqual([]);
  expect(await everything()).toEqual(before);
  expect(ollama.requests).toHaveLength(asked);
  // And whoever writes is seen.
  await commands.set('test', 'written');
  expect((await sent()).filter((name) => writing.has(name))).toEqual(['set']);
}, 120_000);
