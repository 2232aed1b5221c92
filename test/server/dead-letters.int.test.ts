// The verbs for dead letters: what they list, what they change, and what they ask first.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { runVerb } from '../support/processes.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { connectTo } from '../support/valkey.ts';

let arena: Serving;
let commands: Valkey;
let room: string;

beforeAll(async () => {
  arena = await startServing();
  commands = await connectTo(arena.valkey.url);
  ({ room } = await arena.makeRoom({}));
});
afterAll(async () => {
  commands.disconnect();
  await arena.stop();
});

const run = (...words: string[]) => runVerb(words, { VALKEY_URL: arena.valkey.url });

const lines = (text: string) => text.trim().split('\n');

/** A letter as a consumer leaves it. */
const bury = (fields: object = {}) => {
  const letter = {
    ...{
      reason: 'exceptions',
      errorClass: 'Error',
      message: 'the writer is unwell',
      stack: 'Error: …',
      fingerprint: 'abc123',
    },
    ...{
      group: 'writer',
      consumer: 'test',
      entry: '1-0',
      room,
      traceparent: '',
      firstAt: '1',
      lastAt: '1',
    },
    pointer: JSON.stringify({ kind: 'alarm', name: 'look|nothing', dueAt: 1 }),
    ...fields,
  };
  return commands.xadd('game:dead', '*', ...Object.entries(letter).flat());
};

test('dead letters are listed by kind, shown whole, put back once, and counted', async () => {
  const id = String(await bury());
  await bury();
  expect((await run('dead', 'list')).out).toMatch(/abc123 +2 +1 +writer/);
  expect((await run('dead', 'list', '--type', 'look')).out).toMatch(/abc123 +2 /);
  expect((await run('dead', 'list', '--type', 'RESEARCH_DONE')).out).toContain('no dead letters');
  expect((await run('dead', 'show', id)).out).toContain('the writer is unwell');
  expect((await run('dead', 'requeue', '--fingerprint', 'abc123', '--dry-run')).out).toContain(
    '2 of 2 would be requeued',
  );
  expect(await commands.xlen('game:dead')).toBe(2);
  expect((await run('dead', 'requeue', '--fingerprint', 'abc123', '--yes')).out).toContain('2 requeued.');
  expect((await run('dead', 'requeue', '--fingerprint', 'abc123', '--yes')).out).toContain('0 requeued.');
  expect(await commands.xlen('game:dead')).toBe(0);
  const told = lines((await run('operations', '--json')).out).map((line) => JSON.parse(line));
  expect(told.filter(({ verb, about }) => verb === 'requeue' && about.includes('abc123'))).toHaveLength(2);
  expect(told[0]).toMatchObject({ room, by: expect.stringContaining('@') });
  // As its consumer would leave it, had it failed again.
  const again = String(await bury({ requeues: '2' }));
  expect(JSON.parse((await run('dead', 'show', again, '--json')).out).requeues).toBe(2);
});

test('they are not put back for ever, and not what nobody can read', async () => {
  await commands.del('game:dead');
  await bury({ requeues: '2' });
  expect((await run('dead', 'requeue', '--all', '--yes')).out).toContain('1 requeued.');
  await bury({ requeues: '3' });
  const refused = await run('dead', 'requeue', '--all', '--yes');
  expect(refused.out).toContain('not requeued, it was put back 3 times already');
  expect((await run('dead', 'requeue', '--all', '--yes', '--force')).out).toContain('1 requeued.');
  await bury({ room: '', pointer: '?' });
  expect((await run('dead', 'requeue', '--all', '--yes')).out).toContain('what it pointed to cannot be read');
  expect((await run('dead', 'drop', '--all', '--yes')).out).toContain('1 dropped.');
});

test('they are not put back for a room that has left the store, and the operator is told so', async () => {
  await commands.del('game:dead');
  await bury({ room: 'ZZZZZZ' });
  const told = await run('dead', 'requeue', '--all', '--yes');
  expect(told.out).toContain(
    'ZZZZZZ the writer is unwell: not requeued, its room has left the store: drop it',
  );
  expect(told.out).toContain('0 requeued.');
  expect((await run('dead', 'drop', '--all', '--yes')).out).toContain('1 dropped.');
});

test('they are changed when they are named, never by an option that was forgotten', async () => {
  await bury();
  const id = String(await bury());
  for (const words of [
    'requeue --yes',
    'drop --yes --json',
    'drop --dry-run',
    `requeue --all --room ${room}`,
  ]) {
    const { code, out, err } = await run('dead', ...words.split(' '));
    const said = expect.stringContaining('Nothing was changed: say which letters, by an id, --room');
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: said });
  }
  expect(await commands.xlen('game:dead')).toBe(2);
  expect((await run('dead', 'drop', id, '--yes')).out).toContain('1 dropped.');
  expect((await run('dead', 'drop', '--all', '--yes')).out).toContain('1 dropped.');
});

test('they need a yes', async () => {
  await bury();
  const { code, err } = await run('dead', 'drop', '--all');
  expect({ code, err }).toEqual({
    code: 1,
    err: expect.stringContaining('Nothing was changed: there is no terminal to ask at; say --yes.'),
  });
  expect(await commands.xlen('game:dead')).toBe(1);
  await commands.del('game:dead');
});
