// The operator's desk as a program: what the verbs print and how they end, on a game that was really played.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, untilReady, type Valkey } from '../../streams/connection.ts';
import { type Serving, startServing } from '../support/serving.ts';

const program = fileURLToPath(new URL('../../server/cli/arena.ts', import.meta.url));
let arena: Serving;
let commands: Valkey;
let room: string;

beforeAll(async () => {
  arena = await startServing();
  commands = connect(arena.valkey.url, 'test');
  await untilReady(commands, AbortSignal.timeout(5_000));
  const made = await arena.makeRoom({ rounds: 3, seconds: 5 });
  room = made.room;
  const host = arena.client({ room, role: 'host', token: made.hostToken });
  const ada = arena.client({ room, name: 'Ada', choose: () => 'FACT' });
  const bo = arena.client({ room, name: 'Bo', choose: () => 'FAKE' });
  for (const client of [host, ada, bo]) await client.connect();
  await host.request('start', { after: null });
  await ada.until(() => ada.frame('GAME_OVER') !== undefined);
});
afterAll(async () => {
  commands.disconnect();
  await arena.stop();
});

/** Runs a verb to its end. */
async function run(...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const env = { ...process.env, VALKEY_URL: arena.valkey.url, NO_COLOR: '1' };
  const child = spawn(process.execPath, [program, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => {
    out += String(data);
  });
  child.stderr.on('data', (data) => {
    err += String(data);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out, err };
}

const lines = (text: string) => text.trim().split('\n');

describe('looking at a room', () => {
  test('rooms lists it, for people and for programs', async () => {
    expect((await run('rooms')).out).toMatch(new RegExp(`${room} +over +3/3 +2 `));
    const [first] = lines((await run('rooms', '--json')).out).map((line) => JSON.parse(line));
    expect(first).toMatchObject({ room, phase: 'over', players: 2 });
  });

  test('state gives it as it is, and as it was at a revision or a time', async () => {
    const at = async (...words: string[]) => JSON.parse((await run('state', room, '--json', ...words)).out);
    expect((await at()).state.phase).toBe('over');
    const first = await at('--at', '1');
    expect(first).toMatchObject({ rev: 1, state: { phase: 'lobby', players: {} } });
    expect((await at('--at', new Date(first.at).toISOString())).rev).toBeLessThan((await at()).rev);
  });

  test('diff and step say what changed', async () => {
    const [joined] = await commands
      .xrange(`game:events:${room}`, '-', '+')
      .then((entries) => entries.filter(([, fields]) => fields.includes('PLAYER_JOINED')));
    const rev = Number(joined?.[0].split('-')[0]);
    const { out } = await run('diff', room, String(rev - 1), String(rev));
    expect(out).toMatch(/\/players\/\w+: \(nothing\) → \{.*"Ada"/);
    expect((await run('step', room, String(rev))).out).toContain('PLAYER_JOINED');
    expect((await run('diff', room, '5', '5')).out).toContain('Nothing has changed.');
  });

  test('replay prints every event once, in order, from and to where it is asked', async () => {
    const { out } = await run('replay', room, '--json', '--from', '3', '--to', '9');
    expect(lines(out).map((line) => JSON.parse(line).rev)).toEqual([3, 4, 5, 6, 7, 8, 9]);
  });

  test('why says what it waits for', async () => {
    expect((await run('why', room)).out).toContain('The game is over.');
  });

  test('a room, a revision and a word that are none are told in a sentence, with a code for scripts', async () => {
    for (const [words, said] of [
      [['state', 'ZZZZZZ'], 'there is no room ZZZZZZ'],
      [['state', 'nonsense'], '"nonsense" is no room'],
      [['state', room, '--at', '9999'], 'the log ends at revision'],
      [['state', room, '--at', 'yesterdayish'], 'neither a revision nor a time'],
      [['dead', 'requeue', '1-1', '--yes'], 'There is no dead letter 1-1'],
    ] as const) {
      const { code, err } = await run(...words);
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(said) });
      expect(err).not.toContain('    at ');
    }
  });

  test('a pipe whose reader leaves is no error', async () => {
    const env = { ...process.env, VALKEY_URL: arena.valkey.url };
    const child = spawn(
      'sh',
      ['-c', `"${process.execPath}" "${program}" replay ${room} --json | head -n 1`],
      { env },
    );
    let err = '';
    child.stderr.on('data', (data) => {
      err += String(data);
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    expect(err).toBe('');
  });
});

describe('replay --verify', () => {
  test('finds the log, the results and the documents sound', async () => {
    const { code, out } = await run('replay', room, '--verify');
    expect(out).toMatch(new RegExp(`^${room} is sound: \\d+ events by the rules, \\d+ documents`));
    expect(code).toBe(0);
  });

  test('names the revision where one byte of a copy is changed', async () => {
    const copy = 'ZZZZZY';
    const entries = await commands.xrange(`game:events:${room}`, '-', '+');
    const rev = Number(entries.find(([, fields]) => fields.includes('ROUND_RESULT'))?.[0].split('-')[0]);
    for (const [id, fields] of entries) {
      const text = fields.map((field) => field.replaceAll(room, copy));
      const bytes =
        id === `${rev}-0` ? text.map((field) => field.replace(/"points":\d/, '"points":7')) : text;
      await commands.xadd(`game:events:${copy}`, id, ...bytes);
    }
    const { code, out } = await run('replay', copy, '--verify');
    expect(code).toBe(1);
    expect(lines(out)[0]).toContain(`${rev}-0 ROUND_RESULT: the points are not what the rules give`);
  });
});

describe('the engine', () => {
  test('groups shows five of them, with nothing left to do', async () => {
    const all = lines((await run('groups', '--json')).out).map((line) => JSON.parse(line));
    expect(all.map(({ group, lag, pending }) => [group, lag, pending]).sort()).toEqual(
      ['editor', 'game-master', 'projector', 'researcher', 'writer'].map((group) => [group, 0, 0]),
    );
  });

  test('doctor finds nothing wrong, and says why where something is', async () => {
    const well = await run('doctor');
    expect(well.out).toContain('✓ Valkey');
    expect({ code: well.code, out: well.out.includes('✗') }).toEqual({ code: 0, out: false });
    await commands.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const ill = await run('doctor');
    await commands.config('SET', 'maxmemory-policy', 'noeviction');
    expect(ill.out).toContain('CONFIG SET maxmemory-policy noeviction');
    expect(ill.code).toBe(1);
  });
});

describe('dead letters', () => {
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

  test('are listed by kind, shown whole, put back once, and counted', async () => {
    const id = String(await bury());
    await bury();
    expect((await run('dead', 'list')).out).toMatch(/abc123 +2 +1 +writer/);
    expect((await run('dead', 'show', id)).out).toContain('the writer is unwell');
    expect((await run('dead', 'requeue', '--fingerprint', 'abc123', '--dry-run')).out).toContain(
      '2 of 2 would be requeued',
    );
    expect(await commands.xlen('game:dead')).toBe(2);
    expect((await run('dead', 'requeue', '--fingerprint', 'abc123', '--yes')).out).toContain('2 requeued.');
    expect((await run('dead', 'requeue', '--fingerprint', 'abc123', '--yes')).out).toContain('0 requeued.');
    expect(await commands.xlen('game:dead')).toBe(0);
    const again = String(await bury());
    expect(JSON.parse((await run('dead', 'show', again, '--json')).out).requeues).toBe(2);
  });

  test('are not put back for ever, and not what nobody can read', async () => {
    await commands.del('game:dead');
    await bury();
    expect((await run('dead', 'requeue', '--yes')).out).toContain('1 requeued.');
    await bury();
    const refused = await run('dead', 'requeue', '--yes');
    expect(refused.out).toContain('not requeued, it was put back 3 times already');
    expect((await run('dead', 'requeue', '--yes', '--force')).out).toContain('1 requeued.');
    await bury({ room: '', pointer: '?' });
    expect((await run('dead', 'requeue', '--yes')).out).toContain('nobody can read what it pointed to');
    expect((await run('dead', 'drop', '--yes')).out).toContain('1 dropped.');
  });

  test('need a yes', async () => {
    await bury();
    const { code, err } = await run('dead', 'drop');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('Nothing was changed.') });
    expect(await commands.xlen('game:dead')).toBe(1);
    await commands.del('game:dead');
  });
});
