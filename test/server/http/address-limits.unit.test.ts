// Limits per address: people who share one, at a school or behind a proxy, do not pay for one of them.

import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { Epoch, RoomCode } from '../../../core/ids.ts';
import { limits } from '../../../core/limits.ts';
import type { PresenceBook } from '../../../core/ports.ts';
import { defaultSettings } from '../../../core/settings.ts';
import { readConfig } from '../../../server/config/config.ts';
import type { ClientSocket } from '../../../server/fan-out/client-socket.ts';
import { createHubs } from '../../../server/fan-out/hubs.ts';
import { clientAddressOf, proxiesOf } from '../../../server/http/address-of.ts';
import { type AppDeps, createApp } from '../../../server/http/app.ts';
import { countedAs } from '../../../server/http/ip-address.ts';
import { createAddressLimits } from '../../../server/live/budgets.ts';
import { joinRoom } from '../../../server/live/join.ts';
import type { LiveDeps } from '../../../server/live/session.ts';
import { gameStream } from '../../../server/wiring/game-stream.ts';
import { createCommandHandler } from '../../../streams/handle/command-handler.ts';
import { createMemoryLog } from '../../../streams/testing/memory-log.ts';
import { noTelemetry, noTracer } from '../../../streams/trace/telemetry.ts';
import { newTraceparent } from '../../../streams/trace/traceparent.ts';
import { pace } from '../../support/engine.ts';

const room = RoomCode.parse('AAAAAA');
const nobody = async () => ({ connected: new Set<never>(), silentMs: 0 });
const presence: PresenceBook = { look: nobody, touch: nobody };
const socket: ClientSocket = {
  write: () => undefined,
  writeVolatile: () => undefined,
  send: () => undefined,
  ping: () => undefined,
  close: () => undefined,
};
let names = 0;

/** A room, and joins of it from one address; each gives its token, or why it was refused. */
async function roomWithOneAddress() {
  const log = createMemoryLog(gameStream);
  const rooms = createCommandHandler(log, gameStream);
  const epoch = Epoch.parse('01ARZ3NDEKTSV4RRFFQ69G5FAV');
  const created = { type: 'createRoom', epoch, settings: defaultSettings, pace } as const;
  await rooms.handle(room, () => created, { by: 'server', traceparent: newTraceparent() });
  const rest = { clock: () => 0, serverTime: () => 0, report: () => undefined };
  const hubs = createHubs({ log, presence, rooms, tracer: noTracer, ...rest });
  const secrets = { ownerOf: async (id: RoomCode, hash: string) => log.secrets(id).get(hash) ?? null };
  const parts = {
    rooms,
    log,
    secrets,
    hubs,
    addresses: createAddressLimits(),
    telemetry: noTelemetry,
    unentered: { entered: async () => undefined },
  };
  const deps = { ...parts, ...rest } as unknown as LiveDeps;
  const join = async (wish: { room?: string; token?: string }) => {
    const by = wish.token === undefined ? { name: `Ada ${++names}`, nonce: `nonce of Ada ${names}` } : {};
    const joining = {
      join: { room, role: 'player', ...by, ...wish } as const,
      socket,
      address: 'x',
      id: '1',
    };
    const { reply } = await joinRoom(deps, joining);
    return 'ok' in reply ? String(reply.ok['token']) : reply.err.code;
  };
  return { join, end: hubs.close };
}

test('who guesses codes or tokens is told nothing any more, and who has a token comes back all the same', async () => {
  const { join, end } = await roomWithOneAddress();
  const token = await join({});
  for (let n = 0; n < limits.guessesPerMinutePerAddress / 2; n++) {
    expect(await join({ room: 'ZZZZZZ' })).toBe('room_not_found');
    expect(await join({ token: `wrong ${n}` })).toBe('bad_token');
  }
  expect(await join({ room: 'ZZZZZZ' })).toBe('rate_limited');
  expect(await join({ room: 'ZZZZZZ', token })).toBe('rate_limited');
  expect(await join({ token: 'wrong' })).toBe('rate_limited');
  expect(await join({})).toBe('rate_limited');
  expect(await join({ token })).toBe(token);
  end();
});

test('a full room comes in from one address, and comes back when its server starts again', async () => {
  const { join, end } = await roomWithOneAddress();
  const token = await join({});
  for (let n = 1; n < limits.joinsPerMinutePerAddress; n++) await join({});
  expect(await join({})).toBe('rate_limited');
  expect(await join({ token })).toBe(token);
  end();
}, 30_000);

const seen = (peer: string, forwarded: string | undefined, env: Record<string, string>) => {
  const complaints: unknown[] = [];
  const knocking = {
    proxies: proxiesOf(readConfig(env).http),
    complain: (kind: string) => complaints.push(kind),
  };
  const app = new Hono().get('/', (c) => c.text(clientAddressOf(c, knocking)));
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  const incoming = { socket: { remoteAddress: peer } };
  return { reply: app.request('/', { headers }, { incoming }), complaints };
};

const behind = { PUBLIC_URL: 'https://quiz.example' };
const named = { TRUSTED_PROXIES: '203.0.113.7, 198.51.100.0/24, 2001:db8::1' };

test.each([
  ['127.0.0.1', undefined, behind, '127.0.0.1', []],
  ['127.0.0.1', '203.0.113.9, 198.51.100.4', behind, '198.51.100.4', []],
  ['::ffff:172.18.0.2', '198.51.100.4', behind, '198.51.100.4', []],
  ['fd00::5', '198.51.100.4', behind, '198.51.100.4', []],
  // A client of a private network is no proxy, though one might be there.
  ['127.0.0.1', '6.6.6.6, 192.168.1.7', behind, '192.168.1.7', []],
  ['203.0.113.7', '198.51.100.4', behind, '203.0.113.7', ['forwarded']],
  ['127.0.0.1', '198.51.100.4', {}, '127.0.0.1', ['forwarded']],
  ['127.0.0.1', '192.0.2.4', named, '127.0.0.1', ['forwarded']],
  ['203.0.113.7', '192.0.2.4', named, '192.0.2.4', []],
  ['2001:db8::1', '6.6.6.6, 192.0.2.4, 198.51.100.77', named, '192.0.2.4', []],
  ['203.0.113.7', '198.51.100.4', named, '203.0.113.7', []],
])('of a request from %s for %s, with %j, limits count %s', async (peer, forwarded, env, address, told) => {
  const { reply, complaints } = seen(peer, forwarded, env);
  expect(await (await reply).text()).toBe(address);
  expect(complaints).toEqual(told);
});

test.each([
  ['192.0.2.4', '192.0.2.4'],
  ['::ffff:192.0.2.4', '192.0.2.4'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', ''],
])('%s counts as %s', (address, as) => {
  expect(countedAs(address)).toBe(as);
});

test.each(['10.0.0.7', '10.0.0.0/8', '::1', 'fd00::/8'])('%s is a network', (text) => {
  expect(readConfig({ TRUSTED_PROXIES: text }).http.trustedProxies).toEqual([text]);
});

test.each(['nginx', '10.0.0.0/33', '10.0.0', '10.0.0.1/', 'fd00::/129'])('%s is none', (text) => {
  expect(() => readConfig({ TRUSTED_PROXIES: text })).toThrow(/TRUSTED_PROXIES/);
});

test('whoever has as many rooms as one address may that nobody entered is told when to ask again, and makes none', async () => {
  const asked: string[] = [];
  const whyWait = async (address: string) => {
    asked.push(address);
    return 60_000;
  };
  const bug = (error: unknown): never => {
    throw error;
  };
  const app = createApp({
    ...{
      ops: new Hono(),
      metrics: new Hono(),
      tracer: noTracer,
      http: readConfig({}).http,
      proxies: proxiesOf(readConfig({}).http),
    },
    ...{
      addresses: createAddressLimits(),
      clock: () => 0,
      note: () => undefined,
      unentered: { whyWait },
      bug,
      defaults: defaultSettings,
    },
    ...{ game: { pace }, complain: () => undefined },
  } as unknown as AppDeps);
  const reply = await app.request('/api/rooms', { method: 'POST', body: '{}' });
  expect(asked).toHaveLength(1);
  expect(reply.status).toBe(429);
  expect(await reply.json()).toMatchObject({
    err: { code: 'rate_limited', retry: true, retryAfterMs: 60_000 },
  });
});
