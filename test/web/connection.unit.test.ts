import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { closes } from '../../core/protocol.ts';
import { createIdentities, memoryStore, randomNonce } from '../../server/web/client/identity.ts';
import { openPlayer, type Player, type View } from '../../server/web/client/player.ts';
import { de } from '../../server/web/words/de.ts';
import { en } from '../../server/web/words/en.ts';

interface Asked {
  readonly id: number;
  readonly t: string;
  readonly d: Record<string, unknown>;
}

let server: WebSocketServer;
let url: string;
let asked: Asked[];
let sockets: WebSocket[];
/** What the scripted server answers; null is silence. */
let script: (request: Asked, socket: WebSocket) => object | null;
let players: Player[];

const room = {
  room: 'AAAAAA',
  phase: 'question',
  players: [],
  entries: [],
  question: { roundId: 'r1', round: 1, rounds: 1, question: 'Is it?', opensAt: 0, deadline: null },
};

const welcome = (recovered = false) => ({
  ok: {
    role: 'player',
    playerId: 'p1',
    token: 'token-1',
    epoch: 'e1',
    s: 10,
    recovered,
    state: recovered ? null : { ...room, you: null, yourAnswer: null },
    you: null,
    serverTime: Date.now() + 3_600_000,
  },
});

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'arena.v1.json' });
  await once(server, 'listening');
  const address = server.address();
  url = `ws://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  asked = [];
  sockets = [];
  players = [];
  script = ({ t }) => (t === 'join' ? welcome() : { ok: {} });
  server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('message', (data) => {
      const request = JSON.parse(String(data)) as Asked;
      asked.push(request);
      const reply = script(request, socket);
      if (reply !== null) socket.send(JSON.stringify({ id: request.id, ...reply }));
    });
  });
});
afterEach(() => {
  for (const player of players) player.close();
  for (const socket of sockets) socket.terminate();
  server.close();
  vi.useRealTimers();
});

function open(views: View[] = []): Player {
  const identities = createIdentities(memoryStore(), randomNonce);
  identities.change('AAAAAA', { name: 'Ada' });
  const player = openPlayer({
    url,
    room: 'AAAAAA',
    role: 'player',
    identities,
    onChange: (view) => views.push(view),
  });
  players.push(player);
  return player;
}

const joins = () => asked.filter(({ t }) => t === 'join');

describe('a client', () => {
  test('joins by name and nonce, and again by token from where it stood', async () => {
    const player = open();
    await expect.poll(() => player.view().status).toBe('online');
    sockets[0]?.send(JSON.stringify({ s: 12, t: 'PLAYER_JOINED', at: 1, d: { playerId: 'p2', name: 'Bo' } }));
    await expect.poll(() => player.view().screen.room?.players.length).toBe(1);
    script = ({ t }) => (t === 'join' ? welcome(true) : { ok: {} });
    sockets[0]?.terminate();
    await expect.poll(() => joins().length).toBe(2);
    expect(joins()[0]?.d).toMatchObject({
      room: 'AAAAAA',
      name: 'Ada',
      nonce: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(joins()[1]?.d).toMatchObject({ token: 'token-1', epoch: 'e1', s: 12 });
    await expect.poll(() => player.view().status).toBe('online');
    expect(player.view().screen.room?.players).toHaveLength(1);
  });

  test('takes no event twice', async () => {
    const player = open();
    await expect.poll(() => player.view().status).toBe('online');
    const frame = JSON.stringify({ s: 11, t: 'PLAYER_JOINED', at: 1, d: { playerId: 'p2', name: 'Bo' } });
    for (let i = 0; i < 3; i++) sockets[0]?.send(frame);
    sockets[0]?.send(JSON.stringify({ s: 12, t: 'PLAYER_JOINED', at: 1, d: { playerId: 'p3', name: 'Cy' } }));
    await expect.poll(() => player.view().screen.room?.players.length).toBe(2);
  });

  test('sends an answer again until it is stored', async () => {
    const player = open();
    await expect.poll(() => player.view().status).toBe('online');
    let refusals = 2;
    script = ({ t, d }) => {
      if (t === 'join') return welcome(true);
      if (t !== 'answer') return { ok: {} };
      refusals -= 1;
      return refusals >= 0 ? { err: { code: 'unavailable', message: '', retry: true } } : { ok: d };
    };
    expect(await player.answer('FAKE')).toBeNull();
    expect(player.view().screen.locked).toBe('FAKE');
    expect(asked.filter(({ t }) => t === 'answer')).toHaveLength(3);
  });

  test('keeps an answer that was refused as too late, and no other', async () => {
    const player = open();
    await expect.poll(() => player.view().status).toBe('online');
    const given = { roundId: 'r1', answer: 'FACT' };
    for (const [code, kept] of [
      ['round_not_active', null],
      ['too_late', given],
    ] as const) {
      script = () => ({ err: { code, message: '', retry: false } });
      const refused = player.answer('FACT');
      expect(player.view().screen.given).toEqual(given);
      expect((await refused)?.code).toBe(code);
      expect(player.view().screen.given).toEqual(kept);
    }
  });

  test('sends an answer again over a new connection when the reply was lost', async () => {
    const player = open();
    await expect.poll(() => player.view().status).toBe('online');
    script = ({ t, d }, socket) => {
      if (t === 'join') return welcome(true);
      if (t === 'answer' && sockets.length === 1) {
        socket.terminate();
        return null;
      }
      return { ok: d };
    };
    expect(await player.answer('FACT')).toBeNull();
    expect(sockets).toHaveLength(2);
  });

  test('tells a wish again over a new connection, as the same one, until it is answered', async () => {
    const player = open();
    await expect.poll(() => player.view().status).toBe('online');
    const told = () => asked.filter(({ t }) => t === 'extend');
    script = ({ t }) => (t === 'join' ? welcome(true) : null);
    const wish = { roundId: 'r1', ms: 10_000 };
    const first = player.request('extend', wish);
    // Pressed once more while nobody has answered: no second wish.
    const second = player.request('extend', { ...wish });
    await expect.poll(() => told().length).toBe(1);
    script = ({ t }) => (t === 'join' ? welcome(true) : { ok: { done: true } });
    sockets[0]?.terminate();
    expect(await first).toMatchObject({ ok: { done: true } });
    expect(await second).toEqual(await first);
    await player.request('extend', wish);
    const keys = told().map(({ d }) => d['key']);
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), keys[0], keys[2]]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  test('tells no wish again that was refused, and none after the end', async () => {
    const player = open();
    await expect.poll(() => player.view().status).toBe('online');
    script = ({ t }) => (t === 'pause' ? { err: { code: 'forbidden', message: 'no', retry: false } } : null);
    expect(await player.request('pause', {})).toMatchObject({ err: { code: 'forbidden' } });
    const resume = player.request('resume', {});
    await expect.poll(() => asked.some(({ t }) => t === 'resume')).toBe(true);
    player.close();
    expect(await resume).toMatchObject({ err: { code: 'unavailable' } });
    expect(asked.filter(({ t }) => t === 'pause' || t === 'resume')).toHaveLength(2);
  });

  test('knows the server’s clock though its own is wrong by an hour', async () => {
    const player = open();
    await expect.poll(() => player.view().status).toBe('online');
    expect(Math.abs(player.serverNow() - Date.now() - 3_600_000)).toBeLessThan(500);
  });

  test.each([
    [closes.kicked, 'The host has removed you.'],
    [closes.replaced, 'Opened somewhere else.'],
    [closes.roomGone, 'This room is gone.'],
  ])('stays away after %i and says why', async (code, why) => {
    const player = open();
    await expect.poll(() => player.view().status).toBe('online');
    sockets[0]?.close(code);
    await expect.poll(() => player.view().status).toBe('ended');
    expect(player.view().why?.message).toBe(why);
    expect(sockets).toHaveLength(1);
  });

  test.each([...Object.entries(closes).filter(([, code]) => code >= 4500), ['closed', 4999]] as const)(
    'has words for the end that the protocol calls %s',
    async (reason, code) => {
      const player = open();
      await expect.poll(() => player.view().status).toBe('online');
      sockets[0]?.close(code);
      await expect.poll(() => player.view().status).toBe('ended');
      expect(player.view().why?.code).toBe(reason);
      for (const { errors } of [en, de]) expect(errors).toHaveProperty(reason);
    },
  );

  test.each([
    ['stops', closes.restarting],
    ['cannot read the room', 1012],
  ])('says that the server starts again when it %s, and comes back', async (_why, code) => {
    const views: View[] = [];
    const player = open(views);
    await expect.poll(() => player.view().status).toBe('online');
    sockets[0]?.close(code);
    await expect.poll(() => views.some(({ why }) => why?.code === 'restarting')).toBe(true);
    await expect.poll(() => player.view().status).toBe('online');
  });

  test('looks at once whether the line stands when the device wakes, and comes back at once if it does not', async () => {
    const player = open();
    await expect.poll(() => player.view().status).toBe('online');
    player.wake();
    await expect.poll(() => asked.some(({ t }) => t === 'ping')).toBe(true);
    // The pause that a lost line waits for does not end.
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    sockets[0]?.terminate();
    await expect.poll(() => player.view().status).toBe('away');
    player.wake();
    await expect.poll(() => player.view().status).toBe('online');
  });

  test('takes the server’s clock for late rather than early when a reply was long on its way', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    script = ({ id, t }, socket) => {
      if (t !== 'join') return { ok: {} };
      vi.setSystemTime(Date.now() + 300);
      socket.send(JSON.stringify({ id, ...welcome() }));
      return null;
    };
    const player = open();
    await expect.poll(() => player.view().status).toBe('online');
    // All of it may have been the way there: halfway would be 150.
    expect(player.serverNow() - (Date.now() + 3_600_000)).toBe(20);
  });

  test('ends with the server’s own words when the join is refused for good', async () => {
    script = () => ({
      err: { code: 'name_taken', message: 'Somebody here already has this name.', retry: false },
    });
    const player = open();
    await expect.poll(() => player.view().status).toBe('ended');
    expect(player.view().why?.code).toBe('name_taken');
  });
});

describe('an identity', () => {
  test('keeps its nonce, so that a join can be repeated, and starts afresh when it is forgotten', () => {
    const identities = createIdentities(memoryStore(), randomNonce);
    const { nonce } = identities.of('aaaaaa');
    expect(identities.of('AAAAAA').nonce).toBe(nonce);
    identities.change('AAAAAA', { token: 't' });
    expect(identities.of('AAAAAA')).toMatchObject({ nonce, token: 't' });
    identities.forget('AAAAAA');
    expect(identities.of('AAAAAA')).toMatchObject({ token: null });
    expect(identities.of('AAAAAA').nonce).not.toBe(nonce);
  });

  test('survives what somebody else wrote under its key', () => {
    const store = memoryStore();
    store.setItem('arena:AAAAAA', '{broken');
    expect(createIdentities(store, randomNonce).of('AAAAAA').token).toBeNull();
  });
});
