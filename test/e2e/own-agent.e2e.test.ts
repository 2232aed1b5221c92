// The agent of the README, as it stands there: run, killed without warning in every round, and started again.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RoomCode } from '../../core/ids.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import { createEventLog } from '../../streams/log/event-log.ts';
import { runVerb, startProcess } from '../support/processes.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { connectTo } from '../support/valkey.ts';

let arena: Serving;
let folder: string;

beforeAll(async () => {
  arena = await startServing({ LEAD_MS: '500' });
  folder = await mkdtemp(join(tmpdir(), 'arena-own-agent-'));
});
afterAll(async () => {
  await arena.stop();
  await rm(folder, { recursive: true, force: true });
});

test('does once what it is for, however often it is killed', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const [, code = ''] = /```ts\n(\/\/ patience\.ts\n.*?)```/s.exec(readme) ?? [];
  expect(code.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
  const file = join(folder, 'patience.ts');
  await writeFile(file, code);
  const own = startProcess('patience', ['agents', file], { VALKEY_URL: arena.valkey.url, ARENA_SLOT: 'own' });

  const rounds = 3;
  const { room, hostToken } = await arena.makeRoom({
    rounds,
    seconds: 10,
    difficulty: 'hard',
    autoAdvance: false,
  });
  const host = arena.client({ room, role: 'host', token: hostToken });
  const ada = arena.client({ room, name: 'Ada' });
  for (const client of [host, ada]) await client.connect();
  await host.request('start', { after: null });
  const seen = (type: string) => host.frames.filter(({ t }) => t === type).map(({ d }) => d);
  for (let round = 1; round <= rounds; round++) {
    await host.until(() => seen('NEW_QUESTION').length === round, 20_000);
    // At some moment of its work, or before it began.
    await new Promise((resolve) => setTimeout(resolve, 40 * round));
    await own.kill();
    own.start();
    await host.until(() => seen('ROUND_EXTENDED').length === round, 20_000);
    const { roundId } = seen('NEW_QUESTION')[round - 1];
    await host.request('close', { roundId });
    await host.until(() => seen('ROUND_COMPLETE').length === round);
    await host.request('next', { roundId });
  }
  await host.until(() => host.frame('GAME_OVER', false) !== undefined);
  await own.stop();

  const commands = await connectTo(arena.valkey.url);
  const log = await readAfter(
    createEventLog(commands, createGameKeys(), gameStream),
    RoomCode.parse(room),
    0,
  );
  const extended = log.filter(({ type }) => type === 'ROUND_EXTENDED');
  expect(extended.map(({ roundId }) => roundId)).toEqual(seen('NEW_QUESTION').map(({ roundId }) => roundId));
  expect(new Set(extended.map(({ by }) => by))).toEqual(new Set(['own:patience']));
  expect(extended.map(({ data }) => data)).toMatchObject(Array(rounds).fill({ ms: 10_000 }));
  const pending = (await commands.xpending('game:feed', 'patience')) as unknown[];
  expect(pending[0]).toBe(0);
  commands.disconnect();
}, 60_000);

test('a module without an agent, and an agent that nobody knows, are said in a sentence', async () => {
  const file = join(folder, 'nothing.ts');
  await writeFile(file, "export default { name: 'writer', wakes: [] };\n");
  const env = { VALKEY_URL: arena.valkey.url };
  const nothing = await runVerb(['agents', file], env);
  expect(nothing).toMatchObject({ code: 1, out: '' });
  expect(nothing.err).toContain('nothing.ts is no agent: name: a built-in agent has this name');
  const twins = ['one', 'other'].map((name) => join(folder, `${name}.mjs`));
  for (const twin of twins)
    await writeFile(twin, "export default { name: 'twin', wakes: ['GAME_OVER'], handle() {} };\n");
  expect((await runVerb(['agents', ...twins], env)).err).toContain('Two agents are called twin.');
  const unknown = await runVerb(['agents', 'painter'], env);
  expect(unknown.code).not.toBe(0);
  expect(unknown.err).toContain('There is no agent painter');
});

test('what it begins and does not await ends the process, and it is told what to do', async () => {
  const file = join(folder, 'hasty.mjs');
  await writeFile(
    file,
    `export default {
      name: 'hasty', wakes: ['ROOM_CREATED'],
      async handle({ submit }) { submit(() => { throw new Error('nothing to submit'); }); },
    };\n`,
  );
  const hasty = startProcess('hasty', ['agents', file], { VALKEY_URL: arena.valkey.url });
  await arena.makeRoom({});
  expect(await hasty.ended()).toBe(1);
  expect(hasty.output()).toMatch(/nothing to submit.*hasty\.mjs.*write "await submit\(…\)"/s);
});
