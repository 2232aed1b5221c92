// Rooms that nobody enters: how many there may be, and that nothing of them stays behind.

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { groups } from '../../../core/game.ts';
import { RoomCode, roomCodeAlphabet } from '../../../core/ids.ts';
import { limits } from '../../../core/limits.ts';
import { createUnentered } from '../../../server/rooms/unentered.ts';
import { createGameKeys } from '../../../server/stores/keys.ts';
import { createPresence } from '../../../server/stores/presence.ts';
import { callFunction, groupInfos } from '../../../streams/admin.ts';
import { connect, untilReady, type Valkey } from '../../../streams/parts.ts';
import { type Engine, startEngine } from '../../support/engine.ts';
import { type Serving, startServing } from '../../support/serving.ts';

const keys = createGameKeys();
const list = keys.unentered;
let arena: Serving;
let commands: Valkey;
let engine: Engine;

beforeAll(async () => {
  arena = await startServing();
  commands = connect(arena.valkey.url, 'test');
  await untilReady(commands, AbortSignal.timeout(5_000));
  engine = await startEngine(arena.valkey.url);
});
beforeEach(() => commands.del(list));
afterAll(async () => {
  await engine.close();
  commands.disconnect();
  await arena.stop();
});

const few = { ...limits, unenteredRoomsMax: 3, unenteredRoomsPerAddress: 2 };

/** As a server has it, with few places. */
function aList(most: typeof few = few) {
  const { log, rooms } = engine;
  return createUnentered({ commands, keys, log, rooms, presence: createPresence(commands, keys) }, most);
}

async function untilAllIsDone(): Promise<void> {
  const state = async () =>
    (await groupInfos(commands, keys.partitions[0]?.feed ?? '')).map(({ lag, pending }) => [lag, pending]);
  await expect.poll(state, { timeout: 20_000 }).toEqual(Array(5).fill([0, 0]));
}

const aRoom = async () => RoomCode.parse((await arena.makeRoom()).room);
const ago = async (room: string, ms: number) => commands.zadd(list, (await engine.log.now(null)) - ms, room);
const isThere = async (room: string) => (await fetch(`${arena.http}/api/rooms/${room}`)).status === 200;

/** All that a store says of a room, in names and in what the lists of all rooms hold. */
async function tracesOf(room: string): Promise<string[]> {
  const [{ feed, timers, rooms } = { feed: '', timers: '', rooms: '' }] = keys.partitions;
  await callFunction(commands, 'trim', [feed], [...groups]);
  const held = [
    await commands.xrange(feed, '-', '+'),
    await commands.zrange(timers, 0, -1),
    await commands.hkeys(rooms),
  ];
  const shared = [...held, await commands.hkeys(keys.memory.rooms), await commands.zrange(list, 0, -1)];
  const names = (await commands.keys('*')).filter((name) => name.includes(room));
  return [
    ...names,
    ...shared.filter((one) => JSON.stringify(one).includes(room)).map((one) => JSON.stringify(one)),
  ];
}

test('one that nobody entered is forgotten after a day, with all that it had; a host or a player keeps it', async () => {
  const [nobody, screened, hosted, played] = [
    await aRoom(),
    await aRoom(),
    await arena.makeRoom(),
    await aRoom(),
  ];
  // Made by an older version, which noted nothing.
  const older = await engine.createRoom();
  await arena.client({ room: screened, role: 'screen' }).connect();
  expect(await commands.zcard(list)).toBe(4);
  const host = arena.client({ room: hosted.room, role: 'host', token: hosted.hostToken });
  await host.connect();
  const ada = arena.client({ room: played, name: 'Ada' });
  await ada.connect();
  expect((await commands.zrange(list, 0, -1)).sort()).toEqual([nobody, screened].sort());
  await ada.request('leave', {});
  host.close();
  await untilAllIsDone();
  expect((await tracesOf(nobody)).length).toBeGreaterThan(5);

  expect(await aList().deleteOld()).toBe(0);
  for (const room of [nobody, screened]) await ago(room, limits.unenteredKeptMs + 1);
  expect(await aList().deleteOld()).toBe(2);
  for (const room of [nobody, screened]) expect(await tracesOf(room), room).toEqual([]);
  for (const room of [hosted.room, played, older]) expect(await isThere(room), room).toBe(true);
});

test('one that somebody came to is kept though the list still has it: its log says so, or who is there', async () => {
  const [played, hosted] = [await aRoom(), await arena.makeRoom()];
  await arena.client({ room: played, name: 'Ada' }).connect();
  await arena.client({ room: hosted.room, role: 'host', token: hosted.hostToken }).connect();
  for (const room of [played, hosted.room]) await ago(room, limits.unenteredKeptMs + 1);
  expect(await aList().deleteOld()).toBe(0);
  for (const room of [played, hosted.room]) expect(await isThere(room)).toBe(true);
  expect(await commands.zcard(list)).toBe(0);
});

test('the oldest go where too many wait, and none within the minute in which its maker comes', async () => {
  const rooms = [await aRoom(), await aRoom(), await aRoom()];
  const next = RoomCode.parse('ZZZZZZ');
  const waitMs = await aList().expect(next);
  expect(waitMs).toBeGreaterThan(limits.unenteredYoungMs - 30_000);
  expect(waitMs).toBeLessThanOrEqual(limits.unenteredYoungMs);
  expect(await commands.zscore(list, next)).toBeNull();

  const [oldest = next] = rooms;
  await ago(oldest, limits.unenteredYoungMs + 1);
  expect(await aList().expect(next)).toBe(0);
  // Sent again, it is the same room, and nobody has to go for it.
  expect(await aList().expect(next)).toBe(0);
  expect((await commands.zrange(list, 0, -1)).sort()).toEqual([...rooms.slice(1), next].sort());
  expect(await isThere(oldest)).toBe(false);
  for (const room of rooms.slice(1)) expect(await isThere(room)).toBe(true);
});

test('an address may have so many, wherever they are entered', async () => {
  const mine = aList();
  const rooms = [await aRoom(), await aRoom()];
  for (const room of rooms) {
    expect(await mine.whyWait('192.0.2.1')).toBe(0);
    mine.made(room, '192.0.2.1');
  }
  expect(await mine.whyWait('192.0.2.1')).toBe(limits.unenteredYoungMs);
  expect(await mine.whyWait('192.0.2.2')).toBe(0);
  await aList().entered(rooms[0] ?? RoomCode.parse('ZZZZZZ'));
  expect(await mine.whyWait('192.0.2.1')).toBe(0);
});

test('over HTTP a room is refused while all places are young, with when to ask again, and made as soon as one is not', async () => {
  const letters = roomCodeAlphabet.slice(0, 32);
  const code = (n: number) => `${letters[n % 32]}${letters[(n >> 5) % 32]}${letters[(n >> 10) % 32]}QQQ`;
  const codes = Array.from({ length: limits.unenteredRoomsMax }, (_, n) => code(n));
  const now = await engine.log.now(null);
  await commands.zadd(list, ...codes.flatMap((room) => [now, room]));
  const ask = () => fetch(`${arena.http}/api/rooms`, { method: 'POST', body: '{}' });
  const refused = await ask();
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({
    err: { code: 'rate_limited', retry: true, retryAfterMs: expect.any(Number) },
  });
  await ago(code(0), limits.unenteredYoungMs + 1);
  expect((await ask()).status).toBe(201);
  expect(await commands.zcard(list)).toBe(limits.unenteredRoomsMax);
});
