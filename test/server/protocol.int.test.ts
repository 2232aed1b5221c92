import { once } from 'node:events';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { limits } from '../../core/limits.ts';
import { type Serving, startServing } from '../support/serving.ts';
import type { WireReply } from '../support/wire-client.ts';

let arena: Serving;

beforeAll(async () => {
  arena = await startServing();
});
afterAll(() => arena.stop());

interface Line {
  readonly socket: WebSocket;
  say(text: string | Buffer): Promise<WireReply>;
  ask(t: string, d?: unknown, id?: number): Promise<WireReply>;
}

/** A socket on which every reply is awaited in order. */
async function openLine(): Promise<Line> {
  const socket = arena.raw();
  await once(socket, 'open');
  const replies: WireReply[] = [];
  const waiting: ((reply: WireReply) => void)[] = [];
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.t !== undefined) return;
    const next = waiting.shift();
    if (next === undefined) replies.push(message);
    else next(message);
  });
  const say = (text: string | Buffer) => {
    socket.send(text);
    const ready = replies.shift();
    return ready === undefined
      ? new Promise<WireReply>((resolve) => waiting.push(resolve))
      : Promise.resolve(ready);
  };
  let ids = 0;
  return {
    socket,
    say,
    ask: (t, d, id) => {
      ids += 1;
      return say(JSON.stringify({ id: id ?? ids, t, ...(d === undefined ? {} : { d }) }));
    },
  };
}

const nonce = () => `nonce-${ulid()}`;

describe('a frame that is no request', () => {
  const wrong: readonly (readonly [what: string, text: string | Buffer, code: string, id: number | null])[] =
    [
      ['is not JSON', '{"id":1,', 'invalid_json', null],
      ['is nothing', '', 'invalid_json', null],
      ['is a list', '[1,2]', 'invalid_json', null],
      ['is a number', '7', 'invalid_json', null],
      ['is null', 'null', 'invalid_json', null],
      ['is binary', Buffer.from('{"id":1,"t":"ping"}'), 'invalid_json', null],
      ['has no id', '{"t":"ping"}', 'invalid_payload', null],
      ['has an id of words', '{"id":"one","t":"ping"}', 'invalid_payload', null],
      ['has id 0', '{"id":0,"t":"ping"}', 'invalid_payload', null],
      ['has no type', '{"id":4}', 'invalid_payload', 4],
      ['has a type of another kind', '{"id":5,"t":{}}', 'invalid_payload', 5],
      ['names no request', '{"id":6,"t":"fly"}', 'unknown_type', 6],
      ['names what objects have by birth', '{"id":7,"t":"constructor"}', 'unknown_type', 7],
      [
        'is too long',
        JSON.stringify({ id: 8, t: 'ping', d: 'x'.repeat(limits.frameBytesMax) }),
        'payload_too_large',
        null,
      ],
    ];

  test.each(wrong)(
    'because it %s gets its one error, and the socket stays',
    async (_what, text, code, id) => {
      const line = await openLine();
      expect(await line.say(text)).toMatchObject({ id, err: { code, retry: false } });
      expect(await line.ask('join', { room: 'AAAAAA', name: 'Ada', nonce: nonce() }, 99)).toMatchObject({
        id: 99,
      });
      line.socket.close();
    },
  );

  test('ends the connection with 4500 after too many of its kind', async () => {
    const line = await openLine();
    const closed = once(line.socket, 'close');
    for (let i = 0; i <= limits.protocolErrorsPerMinuteMax; i++) line.socket.send('no');
    expect((await closed)[0]).toBe(4500);
  });
});

describe('a request', () => {
  test('before the join is refused, a second join too', async () => {
    const { room } = await arena.makeRoom();
    const line = await openLine();
    expect(await line.ask('ping')).toMatchObject({ err: { code: 'not_joined' } });
    const join = { room, name: 'Ada', nonce: nonce() };
    expect(await line.ask('join', join)).toMatchObject({ ok: { role: 'player' } });
    expect(await line.ask('join', join)).toMatchObject({ err: { code: 'already_joined' } });
    expect(await line.ask('ping')).toMatchObject({ ok: { serverTime: expect.any(Number) } });
    line.socket.close();
  });

  const joins: readonly (readonly [what: string, d: Record<string, unknown>, code: string])[] = [
    ['names no room that there is', { room: 'ZZZZZZ', name: 'Ada', nonce: 'n'.repeat(16) }, 'room_not_found'],
    ['names no room at all', { room: '!', name: 'Ada', nonce: 'n'.repeat(16) }, 'room_not_found'],
    ['has neither name nor token', {}, 'invalid_payload'],
    ['has no nonce', { name: 'Ada' }, 'invalid_payload'],
    ['has a nonce that can be guessed', { name: 'Ada', nonce: 'short' }, 'invalid_payload'],
    ['has a name of one letter', { name: 'A', nonce: 'n'.repeat(16) }, 'name_invalid'],
    ['has a name of blanks', { name: '     ', nonce: 'n'.repeat(16) }, 'name_invalid'],
    [
      'has a name that turns the text around',
      { name: 'Ada\u202eevil', nonce: 'n'.repeat(16) },
      'name_invalid',
    ],
    ['has a name of 500 letters', { name: 'A'.repeat(500), nonce: 'n'.repeat(16) }, 'name_invalid'],
    ['has a token of nobody', { token: 'stolen' }, 'bad_token'],
    ['wants to host without a token', { role: 'host' }, 'invalid_payload'],
    ['wants to host with a token of nobody', { role: 'host', token: 'stolen' }, 'bad_token'],
  ];

  test.each(joins)('to join that %s is refused', async (_what, d, code) => {
    const { room } = await arena.makeRoom();
    const line = await openLine();
    expect(await line.ask('join', { room, ...d })).toMatchObject({ err: { code } });
    line.socket.close();
  });

  test('with a wrong field is told which', async () => {
    const { room } = await arena.makeRoom();
    const line = await openLine();
    await line.ask('join', { room, name: 'Ada', nonce: nonce() });
    const { err } = await line.ask('answer', { roundId: ulid(), answer: 'MAYBE' });
    expect(err?.code).toBe('invalid_payload');
    expect(err?.message).toContain('/answer');
    line.socket.close();
  });

  test('is answered in its turn, each with exactly one reply', async () => {
    const { room } = await arena.makeRoom();
    const line = await openLine();
    await line.ask('join', { room, name: 'Ada', nonce: nonce() }, 1);
    const ids: (number | null)[] = [];
    line.socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.t === undefined) ids.push(message.id);
    });
    for (let id = 2; id <= 10; id++) line.socket.send(JSON.stringify({ id, t: id % 2 ? 'ping' : 'pause' }));
    await expect.poll(() => ids).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    line.socket.close();
  });

  test('too many at once is told when to try again', async () => {
    const { room } = await arena.makeRoom();
    const line = await openLine();
    await line.ask('join', { room, name: 'Ada', nonce: nonce() });
    const replies = await Promise.all(
      Array.from({ length: 10 * limits.messagesBurst }, () => line.ask('ping')),
    );
    const limited = replies.filter(({ err }) => err?.code === 'rate_limited');
    expect(limited.length).toBeGreaterThan(0);
    expect(limited[0]?.err).toMatchObject({ retry: true, retryAfterMs: expect.any(Number) });
    line.socket.close();
  });

  test('and again and again, without ever waiting, ends the connection with 4500', async () => {
    const line = await openLine();
    const closed = once(line.socket, 'close');
    const frames = limits.messagesBurst + limits.refusalsPerMinuteMax + 200;
    for (let id = 1; id <= frames; id++) line.socket.send(JSON.stringify({ id, t: 'ping' }));
    expect((await closed)[0]).toBe(4500);
  });
});

describe('rights', () => {
  const hosts = [
    'start',
    'end',
    'pause',
    'resume',
    'settings',
    'kick',
    'ban',
    'skip',
    'close',
    'next',
    'extend',
  ];
  const data: Readonly<Record<string, unknown>> = {
    end: { game: ulid() },
    kick: { playerId: ulid() },
    ban: { playerId: ulid() },
    skip: { roundId: ulid() },
    close: { roundId: ulid() },
    extend: { roundId: ulid(), ms: 1_000 },
  };

  test.each(['player', 'screen'])('of a host are not a %s’s', async (role) => {
    const { room } = await arena.makeRoom();
    const line = await openLine();
    await line.ask('join', { room, role, name: 'Ada', nonce: nonce() });
    for (const t of hosts) {
      expect(await line.ask(t, data[t] ?? {}), t).toMatchObject({ err: { code: 'forbidden' } });
    }
    line.socket.close();
  });

  test('of a screen do not reach to answers', async () => {
    const { room } = await arena.makeRoom();
    const line = await openLine();
    await line.ask('join', { room, role: 'screen' });
    const answer = { roundId: ulid(), answer: 'FACT' };
    expect(await line.ask('answer', answer)).toMatchObject({ err: { code: 'forbidden' } });
    line.socket.close();
  });
});

describe('an answer', () => {
  test('is refused with the code that says why', async () => {
    const { room, hostToken } = await arena.makeRoom({ rounds: 2, seconds: 5, autoAdvance: false });
    const host = arena.client({ room, role: 'host', token: hostToken });
    const ada = arena.client({ room, name: 'Ada' });
    const bo = arena.client({ room, name: 'Bo' });
    for (const client of [host, ada, bo]) await client.connect();
    const say = (roundId: string, answer: string, client = ada) =>
      client.request('answer', { roundId, answer });
    expect((await say(ulid(), 'FACT')).err?.code).toBe('invalid_round_id');
    expect((await say('nonsense', 'FACT')).err?.code).toBe('invalid_round_id');
    await host.request('start', { after: null });
    await ada.until(() => ada.frame('NEW_QUESTION') !== undefined);
    const { roundId } = ada.frame('NEW_QUESTION')?.d ?? {};
    const late = arena.client({ room, name: 'Late' });
    await late.connect();
    await expect.poll(async () => (await say(roundId, 'FACT')).ok).toMatchObject({ roundId, answer: 'FACT' });
    expect((await say(roundId, 'FACT')).ok).toMatchObject({ answer: 'FACT' });
    expect((await say(roundId, 'FAKE')).err?.code).toBe('already_answered');
    expect((await say(roundId, 'FACT', late)).err?.code).toBe('round_not_active');
    await host.request('pause', {});
    expect((await say(roundId, 'FACT', bo)).err?.code).toBe('round_not_active');
    await host.request('resume', {});
    await host.request('close', { roundId });
    expect((await say(roundId, 'FACT', bo)).err?.code).toBe('too_late');
    expect((await say(roundId, 'FACT')).ok).toMatchObject({ answer: 'FACT' });
    await ada.until(() => ada.frame('ROUND_COMPLETE') !== undefined);
    await host.request('next', { roundId });
    await ada.until(() => ada.frames.filter(({ t }) => t === 'NEW_QUESTION').length === 2);
    expect((await say(roundId, 'FACT', bo)).err?.code).toBe('round_not_active');
  });
});

test('an answer before answers count is refused', async () => {
  const slow = await startServing({ LEAD_MS: '30000' });
  try {
    const { room, hostToken } = await slow.makeRoom({ rounds: 1, seconds: 5 });
    const host = slow.client({ room, role: 'host', token: hostToken });
    const ada = slow.client({ room, name: 'Ada' });
    for (const client of [host, ada]) await client.connect();
    await host.request('start', { after: null });
    await ada.until(() => ada.frame('NEW_QUESTION') !== undefined);
    const { roundId } = ada.frame('NEW_QUESTION', false)?.d ?? {};
    const { err } = await ada.request('answer', { roundId, answer: 'FACT' });
    expect(err?.code).toBe('round_not_active');
  } finally {
    await slow.stop();
  }
});

describe('a connection', () => {
  test('closes 4504 to whoever does not speak the protocol', async () => {
    const socket = arena.raw([]);
    expect((await once(socket, 'close'))[0]).toBe(4504);
  });

  test('is shut by HTTP to pages of other origins, and open to our own and to programs', async () => {
    const foreign = arena.raw(['arena.v1.json'], { origin: 'https://evil.example' });
    const [error] = await once(foreign, 'error');
    expect(String(error)).toContain('403');
    const own = arena.raw(['arena.v1.json'], { origin: arena.http });
    await once(own, 'open');
    own.close();
  });

  test.each([
    ['ping', (socket: WebSocket) => [socket.ping(), once(socket, 'pong')]],
    ['pong', (socket: WebSocket) => [socket.pong()]],
  ] as const)('ends with 4500 for a flood of %ss, and not for a heartbeat', async (_kind, send) => {
    const socket = arena.raw();
    await once(socket, 'open');
    const closed = once(socket, 'close');
    for (let n = 0; n < limits.controlFramesPerMinuteMax; n++) await Promise.all(send(socket));
    socket.send('{"id":1,"t":"ping"}');
    expect(String((await once(socket, 'message'))[0])).toContain('not_joined');
    void Promise.allSettled(send(socket));
    expect((await closed)[0]).toBe(4500);
  });

  test('is cut off where its pings come faster than pongs go out', async () => {
    const socket = arena.raw();
    await once(socket, 'open');
    const closed = once(socket, 'close');
    for (let n = 0; n < limits.pongsPendingMax + 20; n++) socket.ping();
    expect((await closed)[0]).toBe(1006);
  });

  test('does not wait for a join for ever', async () => {
    const socket = arena.raw();
    expect((await once(socket, 'close'))[0]).toBe(4004);
  }, 20_000);
});
