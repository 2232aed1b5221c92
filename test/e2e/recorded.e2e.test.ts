// Big games, recorded and looked at again: verified, changed by a byte, rebuilt while they are played, taken
// out of the store and brought back.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { RoomCode } from '../../core/ids.ts';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { type Arena, startArena } from '../support/arena.ts';
import { checkHistory } from '../support/check-history.ts';
import { runVerb } from '../support/processes.ts';
import { connectTo } from '../support/valkey.ts';
import { WireClient } from '../support/wire-client.ts';

// Twenty at night, which is the longest log that is verified event by event here.
const { RECORDED_ROUNDS: rounds } = z
  .object({ RECORDED_ROUNDS: z.coerce.number().int().min(5).default(5) })
  .parse(process.env);
// Bots answer within half a second, and a round ends with its last answer: on a slow machine as well.
const seconds = 60;

let arena: Arena;
let commands: Valkey;
let recorded: RoomCode;

beforeAll(async () => {
  arena = await startArena({ LEAD_MS: '200', INTERMISSION_MS: '200' });
  commands = await connectTo(arena.valkeyUrl);
}, 60_000);
afterAll(async () => {
  commands.disconnect();
  await arena.stop();
});

const desk = (...words: string[]) => runVerb(words, { VALKEY_URL: arena.valkeyUrl });

/** Plays games by bots to their end and gives what these report. */
async function play(games: Readonly<Record<string, number>>) {
  const options = Object.entries(games).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { code, out, err } = await desk('bots', '--url', arena.http, '--json', ...options);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out);
}

/** A game of two people, for what bots do not get onto. */
async function playForTheBoards(): Promise<void> {
  const { room, hostToken } = await arena.createRoom({ rounds: 2, seconds: 5 });
  const url = arena.ws;
  const host = new WireClient({ url, room, role: 'host', token: hostToken });
  const ada = new WireClient({ url, room, name: 'Ada', choose: () => 'FACT' });
  const bo = new WireClient({ url, room, name: 'Bo', choose: () => 'FAKE' });
  for (const client of [host, ada, bo]) await client.connect();
  await host.request('start', { after: null });
  await ada.until(() => ada.frame('GAME_OVER') !== undefined);
  for (const client of [host, ada, bo]) client.close();
}

const roomsNow = async () => (await commands.hkeys('game:rooms')).map((room) => RoomCode.parse(room));

test('rounds of five hundred players are sound, and one changed byte tells its revision', async () => {
  const players = 500;
  const seen = await play({ rooms: 1, rounds, players, seconds, latency: 200 });
  expect(seen).toMatchObject({ joined: players, over: 1, answered: rounds * players, refused: {} });
  const [room] = await roomsNow();
  if (room === undefined) throw new Error('no room was recorded');
  recorded = room;
  await expect
    .poll(async () => (await desk('replay', room, '--verify')).out, { timeout: 20_000 })
    .toContain(' is sound: ');
  const sound = await desk('replay', room, '--verify');
  console.log(sound.out.trim());
  console.log(
    `${seen.answered} answers, confirmed within ${seen.waitMs.p99} ms (p99), ${seen.seconds.toFixed(1)} s`,
  );
  const log = await arena.log(room);
  expect(checkHistory({ log, acknowledged: [] })).toEqual([]);

  const name = `game:events:${room}`;
  const last = log.findLast(({ type }) => type === 'ANSWER_SUBMITTED')?.rev ?? 0;
  const stored = await commands.dumpBuffer(name);
  const entries = await commands.xrange(name, '-', '+');
  await commands.del(name);
  const batch = commands.pipeline();
  for (const [id, fields] of entries) {
    const spoilt = fields.map((field) => field.replace('"answer":"FA', '"answer":"Fa'));
    batch.xadd(name, id, ...(id === `${last}-0` ? spoilt : fields));
  }
  await batch.exec();
  const broken = await desk('replay', room, '--verify');
  expect(broken.code).toBe(1);
  expect(broken.out).toMatch(new RegExp(`^${last}-0 ANSWER_SUBMITTED: `));
  console.log(broken.out.split('\n')[0]);
  await commands.del(name);
  if (stored !== null) await commands.restore(name, 0, stored);
  expect((await desk('replay', room, '--verify')).code).toBe(0);
}, 180_000);

test('documents are rebuilt again and again while two hundred bots play, and no player notices', async () => {
  const playing = play({ rooms: 4, players: 50, rounds: 4, seconds, latency: 400 });
  let over = false;
  const ended = playing.finally(() => {
    over = true;
  });
  const speeds: number[] = [];
  while (!over) {
    const { code, out } = await desk('rebuild', 'all', '--yes');
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(' events/s; ') });
    speeds.push(Number(/(\d+) events\/s/.exec(out)?.[1]));
  }
  const seen = await ended;
  expect(seen).toMatchObject({ joined: 200, over: 4, answered: 4 * 200, refused: {} });
  expect(speeds.length).toBeGreaterThan(1);
  console.log(`rebuilt ${speeds.length} times while they played, at ${speeds.join(', ')} events/s`);
  await expect
    .poll(async () => (await desk('rebuild', 'all', '--dry-run')).out, { timeout: 20_000 })
    .toContain('; 0 rooms differed.');
}, 120_000);

test('export, flush, import: the same documents, the same leaderboard, the same boards', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'arena-archives-'));
  await playForTheBoards();
  const rooms = await roomsNow();
  const documents = async () => {
    const names = ['game:state', 'game:leaderboard', 'agent:editor:review'];
    const all = rooms.flatMap((room) => names.map((name) => `${name}:${room}`));
    const rounds = (await commands.keys('game:round:*')).sort();
    return Promise.all([...all, ...rounds].map(async (name) => [name, await commands.get(name)]));
  };
  const boards = async () =>
    (await (await fetch(`${arena.http}/api/boards`)).json()) as { allTime: object[] };
  await expect.poll(async () => (await boards()).allTime.length).toBe(2);
  for (const room of rooms)
    await expect.poll(async () => (await desk('replay', room, '--verify')).code).toBe(0);
  const [before, boardsBefore] = [await documents(), await boards()];
  for (const room of rooms) {
    expect((await desk('export', room, '--out', join(folder, room))).code).toBe(0);
  }
  await commands.flushall();
  for (const room of rooms) expect((await desk('import', join(folder, room))).code).toBe(0);
  await expect.poll(documents, { timeout: 30_000 }).toEqual(before);
  await expect.poll(boards, { timeout: 30_000 }).toEqual(boardsBefore);
  for (const room of rooms) expect((await desk('replay', room, '--verify')).code).toBe(0);
  expect(rooms).toContain(recorded);
  rmSync(folder, { recursive: true });
  console.log(`${rooms.length} rooms, ${before.length} documents, the same as before`);
}, 120_000);
