// What a container asks about its agent: whether the store has heard of it.

import { hostname } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Engine, startEngine } from '../../support/engine.ts';
import { runVerb } from '../../support/processes.ts';
import { startTestValkey } from '../../support/valkey.ts';

let valkey: Awaited<ReturnType<typeof startTestValkey>>;
let engine: Engine;
beforeAll(async () => {
  valkey = await startTestValkey();
  engine = await startEngine(valkey.url);
});
afterAll(async () => {
  await engine.close();
  await valkey.stop();
});

test('only an agent of this machine that was heard of lately is at work', async () => {
  const { commands, partition } = engine;
  const working = async (...groups: string[]) => {
    const { code, out, err } = await runVerb(['working', ...groups], { VALKEY_URL: valkey.url });
    return { code, said: `${out}${err}`.trim() };
  };
  const hear = (consumer: string) =>
    commands.xreadgroup('GROUP', 'writer', consumer, 'COUNT', 1, 'STREAMS', partition.feed, '>');
  await commands.xgroup('CREATE', partition.feed, 'writer', '0', 'MKSTREAM');
  await hear('elsewhere:writer');
  expect(await working()).toEqual({ code: 1, said: 'arena: No agent of this machine works for any group.' });
  await hear(`${hostname()}:writer`);
  expect(await working()).toEqual({ code: 0, said: 'At work on this machine: writer.' });
  await hear(`${hostname()}:writer`);
  expect(await working('writer', 'editor')).toEqual({
    code: 1,
    said: 'arena: On this machine no process works for editor.',
  });
  await expect
    .poll(() => working(), { timeout: 20_000, interval: 1_000 })
    .toEqual({
      code: 1,
      said: expect.stringMatching(/^arena: On this machine no process has worked for writer for \d+ s\.$/),
    });
}, 40_000);
