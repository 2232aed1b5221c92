// What an operator asks of the desk with a key, and asks again since the reply was lost: it is about what was
// there at first, and is done once.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RoomCode } from '../../core/ids.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import { createEventLog } from '../../streams/log/event-log.ts';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { plantLetter } from '../support/dead-letter.ts';
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

const post = async (path: string, body: object, key?: string) => {
  const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
  const url = `${proxy.url.replace('127.0.0.1', 'localhost')}/api/ops/${path}`;
  const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
};
const letters = async () =>
  (await commands.xrange(createGameKeys().partitions[0]?.dead ?? '', '-', '+')).length;

test.each(['drop', 'requeue'])('to %s letters again leaves those alone that came since', async (action) => {
  const { room } = await arena.makeRoom();
  const fingerprint = `again-${action}`;
  const plant = () => plantLetter(commands, { room, fingerprint, message: 'no' });
  const before = await letters();
  for (let n = 0; n < 2; n++) await plant();
  const key = randomUUID();
  proxy.dropReply();
  await expect(post(`dead/${action}`, { fingerprint }, key)).rejects.toThrow();
  await expect.poll(letters).toBe(before);
  await plant();
  const again = await post(`dead/${action}`, { fingerprint }, key);
  expect(again).toMatchObject({ status: 200, body: { selected: 2, done: 2 } });
  expect(await letters()).toBe(before + 1);
  expect((await post(`dead/${action}`, { room }, key)).status).toBe(422);
  expect((await post(`dead/${action}`, { fingerprint }, 'short')).status).toBe(400);
  expect(await letters()).toBe(before + 1);
  expect((await post(`dead/${action}`, { fingerprint })).body).toMatchObject({ done: 1 });
});

test('a round that is taken back by its number is the one of the game that was meant', async () => {
  const { room, hostToken } = await arena.makeRoom({ rounds: 1, seconds: 5 });
  const host = arena.client({ room, role: 'host', token: hostToken });
  const ada = arena.client({ room, name: 'Ada', choose: () => 'FACT' });
  for (const client of [host, ada]) await client.connect();
  const play = async (games: number) => {
    const { ok } = await host.request('settings', {});
    await host.request('start', { after: ok.state.game });
    await ada.until(() => ada.frames.filter(({ t }) => t === 'GAME_OVER').length === games);
  };
  await play(1);
  const key = randomUUID();
  const wish = { round: '1', reason: 'not so' };
  const voided = async () =>
    (await readAfter(createEventLog(commands, createGameKeys(), gameStream), RoomCode.parse(room), 0)).filter(
      ({ type }) => type === 'ROUND_VOIDED',
    );
  proxy.dropReply();
  await expect(post(`rooms/${room}/retract`, wish, key)).rejects.toThrow();
  await expect.poll(async () => (await voided()).length).toBe(1);
  await play(2);
  const again = await post(`rooms/${room}/retract`, wish, key);
  expect(again.body).toMatchObject({ roundId: (await voided())[0]?.roundId, again: false });
  expect(await voided()).toHaveLength(1);
  expect((await post(`rooms/${room}/retract`, { ...wish, round: '2' }, key)).status).toBe(422);
  expect((await post(`rooms/${room}/retract`, wish)).body).toMatchObject({ again: false });
  expect(await voided()).toHaveLength(2);
}, 60_000);
