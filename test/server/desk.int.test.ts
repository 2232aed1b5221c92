// The operator's desk as a program: what the verbs print and how they end, on a game that was really played.

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RoomCode } from '../../core/ids.ts';
import { silenceOf } from '../../server/operate/groups.ts';
import { operatorOn } from '../../server/operate/operator.ts';
import { verifyRoom } from '../../server/operate/verify.ts';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { gameOn } from '../support/game-on.ts';
import { arena as program, runVerb } from '../support/processes.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { connectTo } from '../support/valkey.ts';

let arena: Serving;
let commands: Valkey;
let room: string;

beforeAll(async () => {
  arena = await startServing();
  commands = await connectTo(arena.valkey.url);
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

const run = (...words: string[]) => runVerb(words, { VALKEY_URL: arena.valkey.url });

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
    const step = JSON.parse((await run('step', room, String(rev), '--json')).out);
    const names = (state: { players: object }) => Object.values(state.players).map(({ name }) => name);
    expect([names(step.before), names(step.after)]).toEqual([[], ['Ada']]);
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
      [['state', room, '--at', '-1'], 'neither a revision nor a time'],
      [['state', room, '--at', '2020-01-01'], `${room} begins at revision 1, 2`],
      [['replay', room, '--from', '9', '--to', '3'], '--from 9 comes after --to 3.'],
      [['replay', room, '--verify', '--from', 'nonsense'], 'leave --from out'],
      [['tail', 'ZZZZZZ'], 'there is no room ZZZZZZ'],
      [['export', 'ZZZZZZ'], 'there is no room ZZZZZZ'],
      [['operations', '--last', '1e20'], '--last must be a whole number from 1 to'],
      [['bots', '--skill', '7'], '--skill must be a number from 0.5 to 1, not "7"'],
      [['bots', '--players', '0'], '--players must be a whole number from 1 to 10000'],
      [['dead', 'requeue', '1-1', '--yes'], 'There is no dead letter 1-1'],
    ] as const) {
      const { code, out, err } = await run(...words);
      expect({ code, out, err }).toEqual({ code: 1, out: '', err: expect.stringContaining(said) });
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
    const bound = await run('replay', room, '--verify', '--to', '5');
    expect(bound).toMatchObject({
      code: 0,
      out: expect.stringMatching(/sound to 5: 5 events .* not judged/),
    });
  });

  test('names the revision where one stored byte was changed, whichever it is', async () => {
    const log = `game:events:${room}`;
    const entries = await commands.xrange(log, '-', '+');
    const operator = operatorOn(gameOn(commands), 'test');
    const write = async (all: typeof entries) => {
      const batch = commands.multi().del(log);
      for (const [id, fields] of all) batch.xadd(log, id, ...fields);
      await batch.exec();
    };
    const places = fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.constantFrom(1, 2, 4, 16));
    const changed = fc.asyncProperty(places, async ([which, part, byte, bit]) => {
      const at = which % entries.length;
      const [id, fields] = entries[at] ?? ['', []];
      const bytes = Buffer.from(fields[part % fields.length] ?? '');
      const position = byte % bytes.length;
      bytes[position] = (bytes[position] ?? 0) ^ bit;
      await write(entries.with(at, [id, fields.with(part % fields.length, String(bytes))]));
      const { problems } = await verifyRoom(operator, RoomCode.parse(room));
      expect(problems[0]).toMatch(new RegExp(`^${id} `));
    });
    await fc.assert(changed, { numRuns: 100 }).finally(() => write(entries));
    await write(entries.slice(0, -1));
    const { code, out } = await run('replay', room, '--verify').finally(() => write(entries));
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining('does not end as the room') });
    expect((await run('replay', room, '--verify')).code).toBe(0);
  });

  test('says which entry nobody can read; so does whatever else reads the log', async () => {
    const other = 'ZZZZZY';
    const [entry] = await commands.xrange(`game:events:${room}`, '-', '+', 'COUNT', 1);
    const future = (entry?.[1] ?? []).map((field) => field.replace('"v":1', '"v":9'));
    await commands.xadd(`game:events:${other}`, '1-0', ...future);
    for (const verb of ['replay', 'state', 'export']) {
      const { code, out, err } = await run(verb, other, ...(verb === 'replay' ? ['--verify'] : []));
      if (verb === 'export') expect(code).toBe(0);
      else expect({ code, said: out + err }).toEqual({ code: 1, said: expect.stringContaining('1-0') });
      expect(err).not.toContain('    at ');
    }
    await commands.del(`game:events:${other}`);
  });
});

describe('an archive', () => {
  const folder = mkdtempSync(join(tmpdir(), 'arena-archive-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'room.ndjson');
  const document = async (name: string) => (await commands.get(name)) ?? '';

  test('brings a room back as it was: its events, its documents, what guards it and who may come back', async () => {
    const made = await arena.makeRoom({ rounds: 2, seconds: 5 });
    const host = arena.client({ room: made.room, role: 'host', token: made.hostToken });
    const ada = arena.client({ room: made.room, name: 'Ada', choose: () => 'FACT' });
    for (const client of [host, ada]) await client.connect();
    await host.request('start', { after: null });
    await ada.until(() => ada.frame('GAME_OVER') !== undefined);
    const names = [`game:leaderboard:${made.room}`, `game:state:${made.room}`];
    await expect.poll(async () => (await document(names[1] ?? '')).includes('"phase":"over"')).toBe(true);
    const before = await Promise.all(names.map(document));
    const meta = await commands.hgetall(`game:meta:${made.room}`);
    const done = await commands.hgetall(`game:done:${made.room}`);
    expect((await run('export', made.room, '--out', file)).code).toBe(0);
    host.close();
    ada.close();
    const keys = await commands.keys(`*${made.room}*`);
    await commands.del(...keys);
    expect((await run('import', file)).out).toContain(`${made.room} is back`);
    expect(await commands.hgetall(`game:meta:${made.room}`)).toEqual(meta);
    const restored = await commands.hgetall(`game:done:${made.room}`);
    for (const [key, result] of Object.entries(restored)) expect([key, result]).toEqual([key, done[key]]);
    await expect.poll(() => Promise.all(names.map(document))).toEqual(before);
    expect((await run('replay', made.room, '--verify')).code).toBe(0);
    const again = arena.client({ room: made.room, role: 'host', token: made.hostToken });
    expect((await again.connect()).err).toBeUndefined();
  });

  test('with one byte changed, or a line missing, is refused by the line', async () => {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const spoilt = (change: (all: string[]) => string[]) => {
      writeFileSync(`${file}.bad`, `${change([...lines]).join('\n')}\n`);
      return run('import', `${file}.bad`);
    };
    const byte = await spoilt((all) => all.with(4, (all[4] ?? '').replace('"at":1', '"at":2')));
    expect({ code: byte.code, err: byte.err }).toEqual({
      code: 1,
      err: expect.stringContaining('line 5: revision 4'),
    });
    expect((await spoilt((all) => all.toSpliced(-2, 1))).err).toContain('lines are missing');
    expect((await spoilt((all) => all.toSpliced(7, 1))).err).toContain('was changed');
    expect((await run('import', file)).err).toContain('is there already');
  });

  test('that cannot be written leaves nothing behind', async () => {
    const { code, err } = await run('export', room, '--out', folder);
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(/^arena: .* cannot be written: EISDIR/),
    });
    expect(err).not.toContain('    at ');
    expect(readdirSync(join(folder, '..')).filter((name) => name.startsWith(`${basename(folder)}.`))).toEqual(
      [],
    );
  });

  test('is what rooms become that rest for long', async () => {
    const { room: idle } = await arena.makeRoom({});
    await expect.poll(() => commands.hexists('game:rooms', idle)).toBe(1);
    expect((await run('retain', '--days', '1000', '--dry-run')).out).toContain('0 rooms would leave');
    const sure = await run('retain', '--days', '0', '--dry-run', '--json');
    expect(lines(sure.out).map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ room: idle, phase: 'lobby', players: 0 }),
    );
    expect((await run('retain', '--days', '0', '--dry-run')).out).toMatch(new RegExp(`${idle} +lobby +0/`));
    const { out } = await run('retain', '--days', '0', '--to', folder, '--yes', '--json');
    const file = join(folder, `${idle}.ndjson`);
    expect(lines(out).map((line) => JSON.parse(line))).toContainEqual({ room: idle, file });
    expect(await commands.exists(`game:meta:${idle}`, `game:events:${idle}`)).toBe(0);
    expect((await run('archive', idle, '--yes')).err).toContain(`there is no room ${idle}`);
    expect((await run('import', file)).code).toBe(0);
    // The room that the other tests look at has left as well.
    expect((await run('import', join(folder, `${room}.ndjson`))).code).toBe(0);
  });
});

describe('rebuild', () => {
  test('finds documents that are not what the log comes to, and writes them anew', async () => {
    const name = `game:leaderboard:${room}`;
    await expect.poll(() => commands.exists(name)).toBe(1);
    expect((await run('rebuild', 'all', '--dry-run')).out).toMatch(
      /, \d+ events, \d+ events\/s; 0 rooms differed/,
    );
    const good = await commands.get(name);
    await commands.set(name, '{"rev":1}');
    expect((await run('rebuild', 'leaderboard', '--dry-run')).out).toContain(
      `${room}: ${name}/entries: (nothing) → [`,
    );
    expect(await commands.get(name)).toBe('{"rev":1}');
    expect((await run('rebuild', 'leaderboard', '--room', room, '--yes')).out).toContain(
      '1 room differed, now written anew',
    );
    expect(await commands.get(name)).toBe(good);
    expect((await run('rebuild', 'nonsense')).err).toContain('is no projection');
  });

  test('takes in a room whose game runs', async () => {
    const { room: running, hostToken } = await arena.makeRoom({ rounds: 1, seconds: 60 });
    const host = arena.client({ room: running, role: 'host', token: hostToken });
    const ada = arena.client({ room: running, name: 'Ada' });
    for (const client of [host, ada]) await client.connect();
    await host.request('start', { after: null });
    const listed = async () => (await commands.hget('game:rooms', running)) ?? '';
    await expect.poll(listed).not.toContain('"phase":"lobby"');
    const all = await commands.hlen('game:rooms');
    expect((await run('rebuild', 'all', '--dry-run')).out).toContain(`${all} rooms, `);
    await host.request('end', { game: host.frame('GAME_START')?.d.game });
    await expect.poll(listed).toContain('"phase":"over"');
  });
});

describe('the engine', () => {
  test('groups shows five of them, with nothing left to do', async () => {
    const all = lines((await run('groups', '--json')).out).map((line) => JSON.parse(line));
    expect(all.map(({ group, lag, pending }) => [group, lag, pending]).sort()).toEqual(
      ['editor', 'game-master', 'projector', 'researcher', 'writer'].map((group) => [group, 0, 0]),
    );
    expect(all.map(silenceOf)).toEqual(Array(5).fill(null));
  });

  test('doctor finds nothing wrong, and says why where something is', async () => {
    const well = await run('doctor');
    expect(well.out).toContain('✓ Valkey');
    expect({ code: well.code, out: well.out.includes('✗') }).toEqual({ code: 0, out: false });
    expect(well.out).toMatch(/· modules: JSON no, Search no\n {4}None is needed/);
    await commands.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const ill = await run('doctor');
    await commands.config('SET', 'maxmemory-policy', 'noeviction');
    expect(ill.out).toContain('CONFIG SET maxmemory-policy noeviction');
    expect(ill.code).toBe(1);
  });
});

test('bots play whole games and report what they saw, while no document goes wrong', async () => {
  const [report, rebuilt] = await Promise.all([
    run(
      'bots',
      '--url',
      arena.http,
      '--rooms',
      '3',
      '--players',
      '8',
      '--rounds',
      '2',
      '--seconds',
      '5',
      '--latency',
      '300',
      '--json',
    ),
    run('rebuild', 'all', '--yes'),
  ]);
  const seen = JSON.parse(report.out);
  expect(seen).toMatchObject({ joined: 24, over: 3, answered: 48, refused: {} });
  // Whoever looks at the boards meets people.
  const boards = await (await fetch(`${arena.http}/api/boards`)).json();
  for (const rows of Object.values(boards as Record<string, { name: string }[]>)) {
    expect(new Set(rows.map(({ name }) => name))).toEqual(new Set(['Ada', 'Bo']));
  }
  const trials = lines((await run('rooms')).out).filter((line) => / yes +all$/.test(line));
  expect(trials).toHaveLength(3);
  expect(seen.waitMs.p95).toBeLessThan(1_000);
  expect(rebuilt.code).toBe(0);
  await expect.poll(async () => (await run('rebuild', 'all', '--dry-run')).out).toContain('0 rooms differed');
}, 60_000);

test('a game that plays itself in the terminal is a trial, too', async () => {
  const listed = async () => lines((await run('rooms', '--json')).out).map((line) => JSON.parse(line));
  const before = new Set((await listed()).map(({ room: code }) => code));
  const { code } = await run('play', '--url', arena.http, '--auto', '--rounds', '1', '--seconds', '5');
  expect(code).toBe(0);
  const fresh = async () => (await listed()).filter(({ room: made }) => !before.has(made));
  await expect.poll(fresh).toMatchObject([{ phase: 'over', trial: true }]);
});
