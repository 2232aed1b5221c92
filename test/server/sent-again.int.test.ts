// Requests whose reply was lost with the line, and that are sent again over a new one: each acts once, also
// where something else has happened in between.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventType } from '../../core/events.ts';
import { RoomCode } from '../../core/ids.ts';
import { exportRoom, importRoom, readArchive } from '../../server/operate/archive.ts';
import { operatorOn } from '../../server/operate/operator.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { gameOn } from '../support/game-on.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { connectTo } from '../support/valkey.ts';
import type { WireClient, WireReply } from '../support/wire-client.ts';

let arena: Serving;
let proxy: TcpProxy;
let commands: Valkey;

beforeAll(async () => {
  arena = await startServing({ INTERMISSION_MS: '60000', LEAD_MS: '0' });
  proxy = await startTcpProxy(arena.config.http.port);
  commands = await connectTo(arena.valkey.url);
});
afterAll(async () => {
  commands.disconnect();
  await proxy.stop();
  await arena.stop();
});

const operator = () => operatorOn(gameOn(commands), 'test');
const count = async (room: string, type: EventType) =>
  (await readAfter(operator().log, RoomCode.parse(room), 0)).filter((event) => event.type === type).length;
const intents = (keys: readonly string[]) => keys.filter((key) => key.startsWith('intent:'));
const keysOf = (room: string) => commands.hkeys(createGameKeys().of(RoomCode.parse(room)).done);

interface Table {
  readonly room: string;
  readonly hostToken: string;
  /** A device of the host, over a line that can be cut. */
  readonly host: WireClient;
  /** Another one, whose line is good. */
  readonly other: WireClient;
  readonly ada: WireClient;
}

async function sitDown(): Promise<Table> {
  const made = await arena.makeRoom({ rounds: 3, seconds: 120 });
  const { room, hostToken } = made;
  const url = `${proxy.url.replace('http', 'ws')}/ws`;
  const host = arena.client({ url, room, role: 'host', token: hostToken });
  const other = arena.client({ room, role: 'host', token: hostToken });
  const ada = arena.client({ room, name: 'Ada' });
  for (const client of [host, other, ada]) expect((await client.connect()).err).toBeUndefined();
  return { room, hostToken, host, other, ada };
}

const ok = async (reply: Promise<WireReply>) => {
  const { ok: good, err } = await reply;
  expect(err).toBeUndefined();
  return good;
};
const stateOf = async ({ other }: Table) => (await ok(other.request('settings', {}))).state;
const play = async ({ other }: Table) => {
  await ok(other.request('start', { after: null }));
  await other.until(() => other.frame('NEW_QUESTION') !== undefined);
};
const roundId = ({ other }: Table): string => other.frame('NEW_QUESTION')?.d.roundId;
const asked = ({ other }: Table) => other.frames.filter(({ t }) => t === 'NEW_QUESTION').length;
const closed = async (table: Table) => {
  await ok(table.other.request('close', { roundId: roundId(table) }));
  await table.other.until(() => table.other.frame('ROUND_COMPLETE') !== undefined);
};

/** The host's request arrives, its reply is lost; `sentAgain` comes after `meanwhile`, on a new line. */
async function loseReply(
  { host }: Table,
  [t, d]: readonly [string, object],
  { arrived, meanwhile }: { arrived: () => Promise<unknown>; meanwhile: () => Promise<unknown> },
): Promise<WireReply> {
  proxy.swallow();
  const lost = host.request(t, d);
  await arrived();
  proxy.cut();
  expect((await lost).err?.code).toBe('unavailable');
  await meanwhile();
  proxy.restore();
  await host.connect();
  return host.request(t, d);
}

interface Row {
  readonly t: string;
  /** What the room must be like before. */
  readonly given?: (table: Table) => Promise<unknown>;
  readonly d: (table: Table) => object | Promise<object>;
  /** What comes of it. */
  readonly event: EventType;
  /** What happens before it is sent again. */
  readonly meanwhile: (table: Table) => Promise<unknown>;
}

const round = (table: Table) => ({ roundId: roundId(table) });
const rows: readonly Row[] = [
  {
    t: 'start',
    d: () => ({ after: null }),
    event: 'GAME_START',
    meanwhile: async (table) => table.other.request('end', { game: (await stateOf(table)).game }),
  },
  {
    t: 'end',
    given: play,
    d: async (table) => ({ game: (await stateOf(table)).game }),
    event: 'GAME_OVER',
    meanwhile: async (table) => {
      await ok(table.other.request('start', { after: (await stateOf(table)).game }));
      await table.other.until(() => asked(table) === 2);
    },
  },
  {
    t: 'pause',
    given: play,
    d: () => ({}),
    event: 'GAME_PAUSED',
    meanwhile: ({ other }) => ok(other.request('resume', {})),
  },
  {
    t: 'resume',
    given: async (table) => {
      await play(table);
      await ok(table.other.request('pause', {}));
    },
    d: () => ({}),
    event: 'GAME_RESUMED',
    meanwhile: ({ other }) => ok(other.request('pause', {})),
  },
  {
    t: 'settings',
    d: () => ({ seconds: 20 }),
    event: 'SETTINGS_CHANGED',
    meanwhile: ({ other }) => ok(other.request('settings', { seconds: 30 })),
  },
  ...['kick', 'ban'].map(
    (t): Row => ({
      t,
      d: ({ ada }) => ({ playerId: ada.playerId }),
      event: 'PLAYER_KICKED',
      // A game forgets those who have gone before it.
      meanwhile: play,
    }),
  ),
  {
    t: 'skip',
    given: play,
    d: round,
    event: 'ROUND_SKIPPED',
    meanwhile: (table) => ok(table.other.request('next', round(table))),
  },
  {
    t: 'close',
    given: play,
    d: round,
    event: 'ROUND_CLOSED',
    meanwhile: async (table) => {
      await table.other.until(() => table.other.frame('ROUND_COMPLETE') !== undefined);
      await ok(table.other.request('next', round(table)));
    },
  },
  {
    t: 'next',
    given: async (table) => {
      await play(table);
      await closed(table);
    },
    d: round,
    event: 'NEW_QUESTION',
    meanwhile: async (table) => {
      await table.other.until(() => asked(table) === 2);
      await ok(table.other.request('skip', round(table)));
    },
  },
  {
    t: 'extend',
    given: play,
    d: (table) => ({ ...round(table), ms: 10_000 }),
    event: 'ROUND_EXTENDED',
    meanwhile: (table) => ok(table.other.request('extend', { ...round(table), ms: 5_000 })),
  },
];

test.each(rows)('$t is done once, whatever happened before it is sent again', async (row) => {
  const { t, given, d, event, meanwhile } = row;
  const table = await sitDown();
  await given?.(table);
  const before = await count(table.room, event);
  const want = { ...(await d(table)), key: randomUUID() };
  let then: Record<string, unknown> = {};
  const reply = await loseReply(table, [t, want], {
    arrived: () => expect.poll(() => count(table.room, event)).toBe(before + 1),
    meanwhile: async () => {
      await meanwhile(table);
      then = { times: await count(table.room, event), ...(await stateOf(table)) };
    },
  });
  expect(reply.ok).toMatchObject({ state: { room: table.room } });
  const { times, phase, paused, settings, question } = then;
  expect(await count(table.room, event)).toBe(times);
  expect(await stateOf(table)).toMatchObject({ phase, paused, settings, question });
});

test('what found nothing to do finds nothing to do when it is sent again', async () => {
  const table = await sitDown();
  await play(table);
  await ok(table.other.request('pause', {}));
  // The game goes on meanwhile, and has keys of its own.
  const { length } = intents(await keysOf(table.room));
  const reply = await loseReply(table, ['pause', { key: randomUUID() }], {
    arrived: () => expect.poll(async () => intents(await keysOf(table.room)).length).toBeGreaterThan(length),
    meanwhile: () => ok(table.other.request('resume', {})),
  });
  expect(reply.ok).toMatchObject({ state: { paused: null } });
  expect(await count(table.room, 'GAME_PAUSED')).toBe(1);
});

test('a key names one request: another content is refused, and does nothing', async () => {
  const { room, host, other } = await sitDown();
  const key = randomUUID();
  await ok(host.request('settings', { seconds: 20, key }));
  await ok(other.request('settings', { key, seconds: 20 }));
  for (const [t, d] of [
    ['settings', { seconds: 25 }],
    ['settings', { seconds: 20, rounds: 5 }],
    ['start', {}],
    ['pause', {}],
  ] as const) {
    expect((await other.request(t, { ...d, key })).err, t).toMatchObject({
      code: 'key_reused',
      retry: false,
    });
  }
  expect(await count(room, 'SETTINGS_CHANGED')).toBe(1);
  expect(await count(room, 'GAME_START')).toBe(0);
  expect((await host.request('pause', { key: 'short' })).err?.code).toBe('invalid_payload');
});

test('without a key each request is one of its own, as before', async () => {
  const table = await sitDown();
  await play(table);
  const extend = () => ok(table.host.request('extend', { ...round(table), ms: 1_000 }));
  await extend();
  await extend();
  expect(await count(table.room, 'ROUND_EXTENDED')).toBe(2);
});

test('a room that was put back from a file knows what was asked before', async () => {
  const table = await sitDown();
  await play(table);
  const want = { ...round(table), ms: 10_000, key: randomUUID() };
  await ok(table.host.request('extend', want));
  const lines: string[] = [];
  for await (const line of exportRoom(operator(), RoomCode.parse(table.room))) lines.push(line);
  const other = operatorOn(gameOn(commands, { cluster: true }), 'test');
  await importRoom(other, readArchive(`${lines.join('\n')}\n`));
  const { done } = createGameKeys({ cluster: true }).of(RoomCode.parse(table.room));
  expect(intents(await commands.hkeys(done))).toEqual(intents(await keysOf(table.room)));
  expect(intents(await commands.hkeys(done))).toHaveLength(1);
});

describe('what a player asks for needs no key', () => {
  test.each([
    ['report', 'CLAIM_REPORTED', (table: Table) => ({ ...round(table), reason: 'It is out of date.' })],
    ['answer', 'ANSWER_SUBMITTED', (table: Table) => ({ ...round(table), answer: 'FACT' })],
    ['leave', 'PLAYER_LEFT', () => ({})],
  ] as const)('%s is done once', async (t, event, d) => {
    const table = await sitDown();
    const url = `${proxy.url.replace('http', 'ws')}/ws`;
    const bo = arena.client({ url, room: table.room, name: 'Bo' });
    await bo.connect();
    await play(table);
    const reply = await loseReply({ ...table, host: bo }, [t, d(table)], {
      arrived: () => expect.poll(() => count(table.room, event)).toBe(1),
      meanwhile: () => stateOf(table),
    });
    // Whoever has left does not come back with the old token.
    expect(reply.err?.code).toBe(t === 'leave' ? 'not_joined' : undefined);
    expect(await count(table.room, event)).toBe(1);
  });

  test('join is done once', async () => {
    const { room } = await arena.makeRoom();
    // Others that come by the same way would be heard in between.
    proxy.cut();
    proxy.restore();
    const bo = arena.client({ url: `${proxy.url.replace('http', 'ws')}/ws`, room, name: 'Bo' });
    // The first thing that is said opens the socket, the second is the reply.
    proxy.dropReply(2);
    expect((await bo.connect()).err?.code).toBe('unavailable');
    await ok(bo.connect());
    expect(await count(room, 'PLAYER_JOINED')).toBe(1);
  });
});
