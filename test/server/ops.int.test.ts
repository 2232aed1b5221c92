// The console's side of the server: who may look, what it says, and that it does what the terminal does.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whyRefused } from '../../server/ops/guard.ts';
import { connect, untilReady, type Valkey } from '../../streams/connection.ts';
import { type Serving, startServing } from '../support/serving.ts';

describe('who may look', () => {
  const ask = (headers: Record<string, string>, address = '127.0.0.1') => ({
    address,
    header: (name: string) => headers[name],
  });
  const here = { host: 'localhost:8000' };

  test('with a token: whoever has it, from anywhere, and nobody else', () => {
    const token = 'a secret of operators';
    expect(whyRefused(ask({ authorization: `Bearer ${token}` }, '10.0.0.7'), token)).toBeNull();
    for (const authorization of ['', 'Bearer ', 'Bearer wrong', `Basic ${token}`, `Bearer ${token}x`]) {
      expect(whyRefused(ask({ ...here, authorization }), token)).toContain('token');
    }
  });

  test('without one: this machine, and no proxy and no other site through it', () => {
    expect(whyRefused(ask(here), null)).toBeNull();
    expect(whyRefused(ask({ ...here, origin: 'http://localhost:8000' }), null)).toBeNull();
    expect(whyRefused(ask(here, '192.168.1.9'), null)).toContain('this machine');
    expect(whyRefused(ask({ ...here, 'x-forwarded-for': '127.0.0.1' }), null)).toContain('proxy');
    expect(whyRefused(ask({ ...here, origin: 'https://evil.example' }), null)).toContain('site');
    expect(whyRefused(ask({ host: 'evil.example:8000' }), null)).toContain('localhost');
  });
});

describe('the console', () => {
  let arena: Serving;
  let commands: Valkey;
  let room: string;
  const api = async (path: string, init: RequestInit = {}) => {
    const reply = await fetch(`${arena.http}/api/ops/${path}`, init);
    // biome-ignore lint/suspicious/noExplicitAny: judged by the tests, field by field.
    return { status: reply.status, body: (await reply.json()) as any };
  };
  const post = (path: string, body: object) => api(path, { method: 'POST', body: JSON.stringify(body) });

  beforeAll(async () => {
    arena = await startServing();
    commands = connect(arena.valkey.url, 'test');
    await untilReady(commands, AbortSignal.timeout(5_000));
    const made = await arena.makeRoom({ rounds: 1, seconds: 5 });
    room = made.room;
    const host = arena.client({ room, role: 'host', token: made.hostToken });
    const ada = arena.client({ room, name: 'Ada', choose: () => 'FACT' });
    for (const client of [host, ada]) await client.connect();
    await host.request('start', { after: null });
    await ada.until(() => ada.frame('GAME_OVER') !== undefined);
  });
  afterAll(async () => {
    commands.disconnect();
    await arena.stop();
  });

  test('says how the engine is doing, and counts what goes over the sockets', async () => {
    // A room's row is its document, which follows the log.
    await expect
      .poll(async () => (await api('overview')).body.rooms[0])
      .toMatchObject({ room, phase: 'over' });
    const { body } = await api('overview');
    expect(body.groups).toHaveLength(5);
    expect(body.traffic.sockets).toBe(2);
    expect(body.traffic.pushes).toBeGreaterThan(5);
    arena.client({ room, role: 'screen' });
    const raw = arena.raw([]);
    await new Promise((resolve) => raw.once('close', resolve));
    await expect.poll(async () => (await api('overview')).body.traffic.closes['4504']).toBe(1);
  });

  test('shows a room at any revision, and what the event there changed', async () => {
    const { body: steps } = await api(`rooms/${room}/timeline`);
    expect(steps.map(({ rev }: { rev: number }) => rev)).toEqual(
      steps.map((_: unknown, index: number) => index + 1),
    );
    const asked = steps.find(({ type }: { type: string }) => type === 'NEW_QUESTION').rev;
    const { body: moment } = await api(`rooms/${room}/at/${asked}`);
    expect(moment).toMatchObject({
      rev: asked,
      last: steps.length,
      event: { type: 'NEW_QUESTION' },
      state: { phase: 'question' },
    });
    expect(moment.changes.map(({ path }: { path: string }) => path)).toContain('/phase');
    expect((await api(`rooms/${room}/at/99999`)).status).toBe(404);
    expect((await api('rooms/ZZZZZZ/timeline')).body.err.message).toContain('there is no room');
    expect((await api(`rooms/${room}/why`)).body.lines[0]).toBe('The game is over.');
  });

  test('puts dead letters back once', async () => {
    const pointer = JSON.stringify({ kind: 'alarm', name: 'look|nothing', dueAt: 1 });
    const letter = {
      reason: 'exceptions',
      message: 'unwell',
      fingerprint: 'f1',
      group: 'writer',
      room,
      pointer,
      lastAt: '1',
    };
    await commands.xadd('game:dead', '*', ...Object.entries(letter).flat());
    expect((await post('dead/requeue', { fingerprint: 'f1', dryRun: true })).body).toEqual({
      selected: 1,
      able: 1,
      done: 0,
    });
    expect((await post('dead/requeue', { fingerprint: 'f1' })).body.done).toBe(1);
    expect((await post('dead/requeue', { fingerprint: 'f1' })).body.done).toBe(0);
    expect((await post('dead/explode', {})).status).toBe(404);
  });

  test('is told to nobody through a proxy', async () => {
    expect((await api('overview', { headers: { 'x-forwarded-for': '10.0.0.1' } })).status).toBe(403);
  });
});
