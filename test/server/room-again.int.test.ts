// Rooms that are asked for again, since the reply was lost: there is one, and its host has the token.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MadeRoom } from '../../core/messages.ts';
import { askForRoom } from '../../server/web/client/new-room.ts';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { connectTo } from '../support/valkey.ts';

let arena: Serving;
let proxy: TcpProxy;
let commands: Valkey;

beforeAll(async () => {
  arena = await startServing();
  proxy = await startTcpProxy(arena.config.http.port);
  commands = await connectTo(arena.valkey.url);
});
afterAll(async () => {
  commands.disconnect();
  await proxy.stop();
  await arena.stop();
});

const make = (site: string, body: object, headers: Record<string, string> = {}) =>
  fetch(`${site}/api/rooms`, { method: 'POST', headers, body: JSON.stringify(body) });
const rooms = async () => (await commands.keys('game:meta:*')).length;

test.each([
  ['nonce', (key: string) => [{ rounds: 3, nonce: key }, {}] as const],
  ['Idempotency-Key', (key: string) => [{ rounds: 3 }, { 'idempotency-key': key }] as const],
  ['Idempotency-Key in quotes', (key: string) => [{ rounds: 3 }, { 'idempotency-key': `"${key}"` }] as const],
])('with a %s is one room, however often it is asked for', async (_name, ask) => {
  const [body, headers] = ask(randomUUID());
  const before = await rooms();
  proxy.dropReply();
  await expect(make(proxy.url, body, headers)).rejects.toThrow();
  expect(await rooms()).toBe(before + 1);
  const replies = await Promise.all(Array.from({ length: 3 }, () => make(proxy.url, body, headers)));
  expect(replies.map(({ status }) => status)).toEqual([201, 201, 201]);
  const made = await Promise.all(replies.map(async (reply) => MadeRoom.parse(await reply.json())));
  expect(new Set(made.map((one) => JSON.stringify(one))).size).toBe(1);
  expect(await rooms()).toBe(before + 1);
  const { room = '', hostToken = '' } = made[0] ?? {};
  const host = arena.client({ room, role: 'host', token: hostToken });
  expect((await host.connect()).ok).toMatchObject({ role: 'host' });
  const other = await make(arena.http, { ...body, rounds: 4 }, headers);
  expect([other.status, await other.json()]).toMatchObject([422, { err: { code: 'key_reused' } }]);
  expect(await rooms()).toBe(before + 1);
});

test('all at once under one nonce is one room', async () => {
  const body = { nonce: randomUUID() };
  const before = await rooms();
  await Promise.all(Array.from({ length: 3 }, () => make(arena.http, body)));
  expect(await rooms()).toBe(before + 1);
});

test('without one is a room of its own each time; with one that can be guessed it is refused', async () => {
  const before = await rooms();
  for (let n = 0; n < 2; n++) expect((await make(arena.http, {})).status).toBe(201);
  expect(await rooms()).toBe(before + 2);
  expect((await make(arena.http, { nonce: 'short' })).status).toBe(400);
  expect((await make(arena.http, {}, { 'idempotency-key': 'short' })).status).toBe(400);
  expect(await rooms()).toBe(before + 2);
});

test('our own clients ask again by themselves, and for many rooms at once all the same', async () => {
  const before = await rooms();
  proxy.dropReply();
  const made = await askForRoom(proxy.url, { rounds: 7 });
  expect(made).toMatchObject({ room: expect.any(String), hostToken: expect.any(String) });
  expect(await rooms()).toBe(before + 1);
  const many = await Promise.all([7, 7, 7].map((rounds) => askForRoom(arena.http, { rounds })));
  expect(new Set(many.map((one) => ('room' in one ? one.room : ''))).size).toBe(3);
  expect(await rooms()).toBe(before + 4);
});

test('a room that was asked for in vain is the same when somebody asks once more', async () => {
  const before = await rooms();
  proxy.swallow();
  const lost = askForRoom(proxy.url, { rounds: 8 });
  await expect.poll(rooms).toBe(before + 1);
  proxy.cut();
  await expect(lost).rejects.toThrow();
  proxy.restore();
  expect(await askForRoom(proxy.url, { rounds: 8 })).toMatchObject({ room: expect.any(String) });
  expect(await rooms()).toBe(before + 1);
});
