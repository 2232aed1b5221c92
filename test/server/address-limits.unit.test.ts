// Limits per address: people who share one, at a school or behind a proxy, do not pay for one of them.

import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { Epoch, RoomCode } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import type { PresenceBook } from '../../core/ports.ts';
import { defaultSettings } from '../../core/settings.ts';
import { noTelemetry, noTracer } from '../../core/telemetry.ts';
import { clientAddressOf } from '../../server/address-of.ts';
import { createHubs } from '../../server/fan-out/hubs.ts';
import type { Outlet } from '../../server/fan-out/outlet.ts';
import { createAddressLimits } from '../../server/live/budgets.ts';
import { joinRoom } from '../../server/live/join.ts';
import type { LiveDeps } from '../../server/live/session.ts';
import { createRooms } from '../../streams/rooms.ts';
import { newTraceparent } from '../../streams/trace.ts';
import { pace } from '../support/engine.ts';
import { createMemoryEventLog } from '../support/memory-event-log.ts';

const room = RoomCode.parse('AAAAAA');
const nobody = async () => ({ connected: new Set<never>(), silentMs: 0 });
const presence: PresenceBook = { look: nobody, touch: nobody };
const outlet: Outlet = {
  write: () => undefined,
  writeVolatile: () => undefined,
  send: () => undefined,
  close: () => undefined,
};
let names = 0;

/** A room, and joins of it from one address; each gives its token, or why it was refused. */
async function roomWithOneAddress() {
  const log = createMemoryEventLog();
  const rooms = createRooms(log);
  const epoch = Epoch.parse('01ARZ3NDEKTSV4RRFFQ69G5FAV');
  const created = { type: 'createRoom', epoch, settings: defaultSettings, pace } as const;
  await rooms.handle(room, () => created, { by: 'server', traceparent: newTraceparent() });
  const rest = { clock: () => 0, serverTime: () => 0, report: () => undefined };
  const hubs = createHubs({ log, presence, rooms, tracer: noTracer, ...rest });
  const secrets = { ownerOf: async (_: string, hash: string) => log.secrets.get(hash) ?? null };
  const parts = { rooms, log, secrets, hubs, addresses: createAddressLimits(), telemetry: noTelemetry };
  const deps = { ...parts, ...rest } as unknown as LiveDeps;
  const join = async (wish: { room?: string; token?: string }) => {
    const by = wish.token === undefined ? { name: `Ada ${++names}`, nonce: `nonce of Ada ${names}` } : {};
    const joining = {
      join: { room, role: 'player', ...by, ...wish } as const,
      outlet,
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

test.each([
  [true, '203.0.113.9, 198.51.100.4', '198.51.100.4'],
  [true, '198.51.100.4', '198.51.100.4'],
  [true, undefined, ''],
  [false, '198.51.100.4', ''],
])(
  'with TLS ended in front (%s) and X-Forwarded-For %s, limits count %j',
  async (behindTls, header, address) => {
    const app = new Hono().get('/', (c) => c.text(clientAddressOf(c, { behindTls })));
    const headers = header === undefined ? {} : { 'x-forwarded-for': header };
    expect(await (await app.request('/', { headers })).text()).toBe(address);
  },
);
