import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goOnAfter } from '../support/as-host.ts';
import { type Serving, startServing } from '../support/serving.ts';
import type { WireClient, WireFrame } from '../support/wire-client.ts';

let arena: Serving;

beforeAll(async () => {
  arena = await startServing();
});
afterAll(() => arena.stop());

const isOver = (client: WireClient) => () => client.frame('GAME_OVER') !== undefined;
const events = (frames: readonly WireFrame[]) => frames.filter(({ s }) => s !== undefined);

/** A host at a room, and players by name, all connected. */
async function sitDown(names: readonly string[], settings: object = { rounds: 2, seconds: 5 }) {
  const { room, hostToken } = await arena.makeRoom(settings);
  const host = arena.client({ room, role: 'host', token: hostToken });
  await host.connect();
  const players = names.map((name) => arena.client({ room, name, choose: () => 'FACT' }));
  for (const player of players) await player.connect();
  return { room, hostToken, host, players };
}

describe('a join', () => {
  test('repeated with its nonce is the same player with the same token', async () => {
    const { room } = await arena.makeRoom();
    const ada = arena.client({ room, name: 'Ada' });
    const first = await ada.connect();
    const nonce = `secret-${ulid()}`;
    const ask = async () => {
      const socket = arena.client({ room });
      const reply = await socket.connect().catch(() => null);
      expect(reply?.err?.code).toBe('invalid_payload');
      return socket.request('join', { room, name: 'Bo', nonce });
    };
    const [one, two] = [await ask(), await ask()];
    expect(two.ok).toMatchObject({ playerId: one.ok.playerId, token: one.ok.token });
    expect(two.ok.state.players.map(({ name }: { name: string }) => name)).toEqual(['Ada', 'Bo']);
    expect(first.ok.token).not.toBe(one.ok.token);
  });

  test('under a name that is taken is refused, whatever its case', async () => {
    const { room } = await sitDown(['Ada']);
    expect((await arena.client({ room, name: 'ADA' }).connect()).err?.code).toBe('name_taken');
  });

  test('under a name that looks like another, or like the host’s, is refused with the reason', async () => {
    const { room } = await sitDown(['Ada']);
    const alike = await arena.client({ room, name: 'аԁа' }).connect();
    expect(alike.err).toMatchObject({ code: 'name_taken', reason: 'alike', retry: false });
    const host = await arena.client({ room, name: 'ꓧꓳꓢꓔ' }).connect();
    expect(host.err).toMatchObject({
      ...{ code: 'name_invalid', reason: 'reserved' },
      message: 'This name cannot be used here. (not one that stands for the host, the arena or its agents)',
    });
  });

  test('to a locked room is refused, and to an open one again allowed', async () => {
    const { room, host } = await sitDown([]);
    await host.request('settings', { locked: true });
    expect((await arena.client({ room, name: 'Ada' }).connect()).err?.code).toBe('room_locked');
    await host.request('settings', { locked: false });
    expect((await arena.client({ room, name: 'Ada' }).connect()).ok).toBeDefined();
  });

  test('of a host with a name makes a player of the host', async () => {
    const { room, hostToken } = await arena.makeRoom();
    const host = arena.client({ room, role: 'host', token: hostToken, name: 'Ada' });
    const reply = await host.connect();
    expect(reply.ok).toMatchObject({ role: 'host', playerId: expect.any(String), token: hostToken });
    host.drop();
    expect((await host.connect()).ok.playerId).toBe(reply.ok.playerId);
  });
});

describe('a token', () => {
  const tryOut = async (d: Parameters<typeof arena.client>[0]) =>
    (await arena.client(d).connect()).err?.code ?? 'let in';

  test('of a player makes no host, with a name or without, and that of a host no player', async () => {
    const { room, hostToken, players } = await sitDown(['Ada']);
    const token: string = players[0]?.joined.token;
    for (const name of [{}, { name: 'Bo' }])
      expect(await tryOut({ room, role: 'host', token, ...name })).toBe('bad_token');
    expect(await tryOut({ room, token: hostToken })).toBe('bad_token');
  });

  test('of another room is none here, a host’s or a player’s', async () => {
    const [here, there] = [await sitDown(['Ada']), await sitDown(['Ada'])];
    const { room } = here;
    expect(await tryOut({ room, role: 'host', token: there.hostToken })).toBe('bad_token');
    expect(await tryOut({ room, token: there.players[0]?.joined.token })).toBe('bad_token');
  });

  test('that is nearly right is wrong', async () => {
    const { room, hostToken } = await sitDown([]);
    const swapped = hostToken.replace(/[a-z]/i, (letter) =>
      letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
    );
    const near = [hostToken.slice(0, -1), `${hostToken}x`, ` ${hostToken}`, `${hostToken}=`, swapped];
    for (const token of near) expect(await tryOut({ room, role: 'host', token }), token).toBe('bad_token');
    expect(await tryOut({ room, role: 'host', token: hostToken })).toBe('let in');
  });
});

describe('a connection that comes back', () => {
  test('gets exactly what it missed, in order and once, wherever it was cut', async () => {
    const { room, host, players } = await sitDown(['Ada', 'Bo'], { rounds: 4, seconds: 5 });
    const [ada, bo] = players as [WireClient, WireClient];
    const screen = arena.client({ room, role: 'screen' });
    await screen.connect();
    await host.request('start', { after: null });
    let cuts = 0;
    while (!isOver(ada)()) {
      const seen = ada.frames.length;
      await ada.until(() => ada.frames.length > seen + (cuts % 5) || isOver(ada)());
      ada.drop();
      cuts += 1;
      await ada.connect();
    }
    await screen.until(isOver(screen));
    await ada.until(isOver(ada));
    expect(cuts).toBeGreaterThan(4);
    expect(ada.recovered).toBe(cuts);
    // The screen was never cut: from its join on Ada must have seen the same.
    const whole = events(screen.frames);
    expect(events(ada.frames).filter(({ s }) => (s ?? 0) >= (whole[0]?.s ?? 0))).toEqual(whole);
    const results = ada.frames.filter(({ t }) => t === 'ROUND_RESULT').length;
    expect(ada.frames.filter(({ t }) => t === 'you')).toHaveLength(results);
    expect(bo.recovered).toBe(0);
  });

  test('keeps the score', async () => {
    const { host, players } = await sitDown(['Ada'], { rounds: 1, seconds: 5 });
    const [ada] = players as [WireClient];
    await host.request('start', { after: null });
    await ada.until(() => ada.frame('you') !== undefined);
    const { score } = ada.frame('you')?.d ?? {};
    ada.drop();
    const { ok } = await ada.connect();
    expect(ok.you.score).toBe(score);
  });

  test('with another epoch, or from beyond the end, gets the whole state', async () => {
    const { room, players } = await sitDown(['Ada']);
    const [ada] = players as [WireClient];
    const { token, epoch } = ada.joined;
    for (const where of [{ epoch: ulid(), s: 1 }, { epoch, s: 9_999 }, {}]) {
      const client = arena.client({ room, token });
      const refused = await client.connect();
      expect(refused.ok.recovered).toBe(false);
      client.drop();
      const again = arena.client({ room });
      await again.connect();
      const reply = await again.request('join', { room, token, ...where });
      expect(reply.ok).toMatchObject({ recovered: false, state: { room }, playerId: ada.playerId });
      again.drop();
    }
  });

  test('takes over from the one before, which is closed 4501', async () => {
    const { room, players } = await sitDown(['Ada']);
    const [ada] = players as [WireClient];
    const second = arena.client({ room, token: ada.joined.token });
    expect((await second.connect()).ok.playerId).toBe(ada.playerId);
    await ada.until(() => ada.closes.includes(4501));
    expect((await second.request('ping', {})).ok).toBeDefined();
  });
});

describe('a host', () => {
  test('who removes a player closes 4502 and frees the name; a banned one may not come back', async () => {
    const { room, host, players } = await sitDown(['Ada', 'Bo']);
    const [ada, bo] = players as [WireClient, WireClient];
    await host.request('kick', { playerId: ada.playerId });
    await ada.until(() => ada.closes.includes(4502));
    expect((await arena.client({ room, token: ada.joined.token }).connect()).err?.code).toBe('bad_token');
    expect((await arena.client({ room, name: 'Ada' }).connect()).ok).toBeDefined();
    await host.request('ban', { playerId: bo.playerId });
    await bo.until(() => bo.closes.includes(4502));
    expect((await arena.client({ room, name: 'Bo' }).connect()).err?.code).toBe('forbidden');
  });

  test('extends, pauses, goes on, skips and ends, and the players are told', async () => {
    const { room, host } = await sitDown([], { rounds: 3, seconds: 30 });
    // Whoever answers alone closes the round.
    const ada = arena.client({ room, name: 'Ada' });
    await ada.connect();
    const asHost = async (t: string, d: object = {}) => {
      const reply = await host.request(t, d);
      expect(reply.err, t).toBeUndefined();
      return reply.ok.state;
    };
    const told = async (t: string, times = 1) => {
      await ada.until(() => ada.frames.filter((frame) => frame.t === t).length === times);
      return ada.frame(t)?.d;
    };
    const { game } = await asHost('start', { after: null });
    const { roundId, deadline } = await told('NEW_QUESTION');
    await asHost('extend', { roundId, ms: 10_000 });
    expect((await told('ROUND_EXTENDED')).deadline).toBe(deadline + 10_000);
    expect((await asHost('pause')).paused).toMatchObject({ reason: 'host' });
    expect((await told('GAME_PAUSED')).remainingMs).toBeGreaterThan(30_000);
    expect((await asHost('resume')).paused).toBeNull();
    expect((await told('GAME_RESUMED')).roundId).toBe(roundId);
    await asHost('skip', { roundId });
    expect((await told('ROUND_SKIPPED')).roundId).toBe(roundId);
    expect((await told('NEW_QUESTION', 2)).round).toBe(2);
    await asHost('end', { game });
    expect((await told('GAME_OVER')).game).toBe(game);
    expect((await asHost('end', { game })).phase).toBe('over');
  });

  test('who leaves does not end the room: the game goes on, and the token still opens it', async () => {
    const { room, hostToken, host, players } = await sitDown(['Ada'], { rounds: 2, seconds: 5 });
    const [ada] = players as [WireClient];
    await host.request('start', { after: null });
    host.drop();
    await ada.until(isOver(ada));
    const again = arena.client({ room, role: 'host', token: hostToken });
    expect((await again.connect()).ok.state.phase).toBe('over');
  });
});

test('whoever comes late plays from the next round, and is not waited for', async () => {
  const { room, host, players } = await sitDown(['Ada'], { rounds: 2, seconds: 30, autoAdvance: false });
  const [ada] = players as [WireClient];
  await host.request('start', { after: null });
  await ada.until(() => ada.frame('NEW_QUESTION') !== undefined);
  const late = arena.client({ room, name: 'Late', choose: () => 'FAKE' });
  await late.connect();
  await goOnAfter(host, 1);
  await goOnAfter(host, 2);
  await late.until(isOver(late), 20_000);
  const rounds = late.frames.filter(({ t }) => t === 'you').map(({ d }) => d.answer);
  expect(rounds.at(-1)).toBe('FAKE');
  expect(late.acknowledged).toHaveLength(1);
});
