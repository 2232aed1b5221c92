import { afterEach, beforeEach, expect, test } from 'vitest';
import { RoomCode } from '../../core/ids.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import { createEventLog } from '../../streams/log/event-log.ts';
import { checkHistory } from '../support/check-history.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { connectTo } from '../support/valkey.ts';

let arena: Serving;

beforeEach(async () => {
  arena = await startServing();
});
afterEach(() => arena.stop());

const health = async () => {
  const reply = await fetch(`${arena.http}/health`);
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
};

test('health names what there is with Valkey up, and with Valkey down, as 503, the same fields', async () => {
  const up = await health();
  expect(up).toMatchObject({
    status: 200,
    body: { status: 'ok', reachable: true, json_module: false, search_module: false, version: '0.1.0' },
  });
  await arena.valkey.kill();
  await expect.poll(async () => (await health()).status).toBe(503);
  const down = await health();
  expect(down.body).toMatchObject({ status: 'unavailable', reachable: false, json_module: false });
  expect(Object.keys(down.body).sort()).toEqual(Object.keys(up.body).sort());
  expect((await fetch(`${arena.http}/ready`)).status).toBe(503);
  for (const path of ['overview', 'dead', 'rooms/AAAAAA/why']) {
    const desk = await fetch(`${arena.http}/api/ops/${path}`);
    expect([desk.status, ((await desk.json()) as { err: unknown }).err], path).toMatchObject([
      503,
      { code: 'unavailable', retry: true },
    ]);
  }
  await arena.valkey.restart();
  await expect.poll(async () => (await fetch(`${arena.http}/ready`)).status, { timeout: 10_000 }).toBe(200);
});

test('Valkey away in the middle of a round: told so, sockets stay, and the game goes on to its end by itself', async () => {
  const { room, hostToken } = await arena.makeRoom({ rounds: 2, seconds: 20 });
  const host = arena.client({ room, role: 'host', token: hostToken });
  const ada = arena.client({ room, name: 'Ada' });
  const bo = arena.client({ room, name: 'Bo' });
  for (const client of [host, ada, bo]) await client.connect();
  await host.request('start', { after: null });
  await ada.until(() => ada.frame('NEW_QUESTION') !== undefined);
  const { roundId, opensAt } = ada.frame('NEW_QUESTION')?.d ?? {};
  const answer = () => ada.request('answer', { roundId, answer: 'FACT' });
  await expect.poll(async () => (Date.now() > opensAt ? (await answer()).ok : null)).toBeTruthy();

  await arena.valkey.kill();
  const away = await bo.request('answer', { roundId, answer: 'FAKE' });
  expect(away.err).toMatchObject({ code: 'unavailable', retry: true });
  expect((await fetch(`${arena.http}/api/rooms`, { method: 'POST', body: '{}' })).status).toBe(503);
  expect(ada.closes).toEqual([]);
  await arena.valkey.restart();

  // The same request again, until it is stored: a promise is given only then.
  await expect
    .poll(async () => (await bo.request('answer', { roundId, answer: 'FAKE' })).ok, {
      timeout: 10_000,
      interval: 200,
    })
    .toMatchObject({ roundId, answer: 'FAKE' });
  await ada.until(() => ada.frame('GAME_OVER') !== undefined, 50_000);
  expect(ada.closes).toEqual([]);
  expect(bo.closes).toEqual([]);

  const commands = await connectTo(arena.valkey.url);
  const log = await readAfter(
    createEventLog(commands, createGameKeys(), gameStream),
    RoomCode.parse(room),
    0,
  );
  commands.disconnect();
  const acknowledged = [
    { playerId: String(ada.playerId), roundId, answer: 'FACT' },
    { playerId: String(bo.playerId), roundId, answer: 'FAKE' },
  ] as const;
  expect(checkHistory({ log, acknowledged })).toEqual([]);
}, 90_000);
