// One room whose log nobody can read any more, among others that are well.

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { runVerb } from '../support/processes.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { connectTo } from '../support/valkey.ts';

let arena: Serving;
let commands: Valkey;
let broken: string;
let well: string;

beforeAll(async () => {
  arena = await startServing();
  commands = await connectTo(arena.valkey.url);
  [{ room: broken }, { room: well }] = [await arena.makeRoom(), await arena.makeRoom()];
  const listed = async () => expect(await commands.hkeys('game:rooms')).toHaveLength(2);
  await vi.waitFor(listed, { timeout: 20_000 });
  // From a version to come, say, or after a fault of the disk.
  const next = Number(await commands.hget(`game:meta:${broken}`, 'rev')) + 1_000;
  await commands.xadd(`game:events:${broken}`, `${next}-0`, 'type', 'NO_SUCH_TYPE', 'at', '1', 'e', '{}');
});
afterAll(async () => {
  commands.disconnect();
  await arena.stop();
});

const run = (...words: string[]) => runVerb(words, { VALKEY_URL: arena.valkey.url });

test.each([
  ['rebuild', ['rebuild', 'all', '--dry-run', '--json']],
  ['retain', ['retain', '--days', '0', '--dry-run', '--json']],
])('does not keep %s from the others, and is named', async (_verb, words) => {
  const { code, out, err } = await run(...words);
  const rooms = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).room);
  expect(rooms).toEqual([well]);
  expect(err).toContain(`${broken} is left out: entry `);
  expect(code).toBe(1);
});

test('is told as what it is at the console', async () => {
  const reply = await fetch(`${arena.http}/api/ops/rooms/${broken}/timeline`);
  expect(reply.status).toBe(500);
  expect(await reply.json()).toMatchObject({ err: { code: 'unreadable_event', retry: false } });
});

test('is still refused when it alone is meant', async () => {
  const { code, out, err } = await run('rebuild', 'all', '--room', broken, '--dry-run', '--json');
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain('cannot be read');
});
