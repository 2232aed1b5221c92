// The console's side of the server: who may look, what it says, and that it does what the terminal does.

import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whyRefused } from '../../server/ops/guard.ts';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { plantLetter } from '../support/dead-letter.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { connectTo } from '../support/valkey.ts';

describe('who may look', () => {
  const ask = (headers: Record<string, string>, address = '127.0.0.1') => ({
    address,
    header: (name: string) => headers[name],
  });
  const here = { host: 'localhost:8000' };
  const open = { token: null, proxied: false };

  test('with a token: whoever has it, from anywhere, and nobody else', () => {
    const token = 'a secret of operators';
    const locked = { token, proxied: true };
    expect(whyRefused(ask({ authorization: `Bearer ${token}` }, '10.0.0.7'), locked)).toBeNull();
    for (const authorization of ['', 'Bearer ', 'Bearer wrong', `Basic ${token}`, `Bearer ${token}x`]) {
      expect(whyRefused(ask({ ...here, authorization }), locked)).toContain('token');
    }
  });

  test('without one: this machine, and no proxy and no other site through it', () => {
    expect(whyRefused(ask(here), open)).toBeNull();
    expect(whyRefused(ask({ ...here, origin: 'http://localhost:8000' }), open)).toBeNull();
    expect(whyRefused(ask(here, '192.168.1.9'), open)).toContain('this machine');
    expect(whyRefused(ask({ ...here, 'x-forwarded-for': '127.0.0.1' }), open)).toContain('proxy');
    expect(whyRefused(ask({ ...here, origin: 'https://evil.example' }), open)).toContain('site');
    expect(whyRefused(ask({ host: 'evil.example:8000' }), open)).toContain('localhost');
    // Some proxies say nothing of themselves, and ask for this machine by its own name.
    expect(whyRefused(ask(here), { ...open, proxied: true })).toContain('ARENA_OPS_TOKEN');
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
    commands = await connectTo(arena.valkey.url);
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
    // Of several servers each counts its own.
    expect(body.traffic.server).toBe(`${hostname()}:${arena.config.http.port}`);
    expect(body.traffic.pushes).toBeGreaterThan(5);
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
    await plantLetter(commands, { room, fingerprint: 'f1', message: 'unwell' });
    expect((await post('dead/requeue', { fingerprint: 'f1', dryRun: true })).body).toEqual({
      selected: 1,
      able: 1,
      done: 0,
      refused: [],
    });
    const { kinds, letters } = (await api(`dead?room=${room}&group=writer`)).body;
    expect(kinds).toMatchObject([{ fingerprint: 'f1', count: 1 }]);
    expect(letters).toMatchObject([{ room, types: ['look'], requeues: 0, whyNot: null }]);
    expect((await api('dead?olderThanMs=99999999999999')).body.letters).toEqual([]);
    expect((await post('dead/requeue', { fingerprint: 'f1' })).body.done).toBe(1);
    expect((await post('dead/requeue', { fingerprint: 'f1' })).body.done).toBe(0);
    expect((await post('dead/explode', {})).status).toBe(404);
    // A misspelt field, or none, must not select everything.
    for (const wish of [{ idd: '1-1' }, { fingerprint: 'f1', dryrun: true }, {}, { olderThanMs: null }])
      expect((await post('dead/drop', wish)).status).toBe(400);
    expect((await api('dead?olderThanMs=abc')).status).toBe(400);
    expect((await api(`rooms/${room}/timeline?after=1.5`)).status).toBe(400);

    await plantLetter(commands, { room, fingerprint: 'f2', message: 'unwell for good', requeues: 3 });
    const refused = [{ id: expect.any(String), why: 'it was put back 3 times already' }];
    expect((await post('dead/requeue', { fingerprint: 'f2' })).body).toMatchObject({ done: 0, refused });
    expect((await post('dead/requeue', { fingerprint: 'f2', force: true })).body).toMatchObject({ done: 1 });
  });

  test('lists a letter that nobody can read, and drops it', async () => {
    await commands.xadd('game:feed', '*', 'foo', 'bar');
    await expect.poll(async () => (await api('dead')).body.letters?.length).toBe(5);
    const [letter] = (await api('dead')).body.letters;
    expect(letter).toMatchObject({ room: '', types: [], whyNot: 'what it pointed to cannot be read' });
    expect((await post('dead/drop', { fingerprint: letter.fingerprint })).body.done).toBeGreaterThan(0);
  });

  test('takes a claim back as the terminal does, and says whether a log is sound', async () => {
    const retract = (body: object) => post(`rooms/${room}/retract`, body);
    expect((await retract({ round: '1', reason: 'not so' })).body).toMatchObject({ again: false });
    expect((await retract({ round: '1' })).body).toMatchObject({ again: true });
    const [operation] = (await api('overview')).body.operations;
    expect(operation).toMatchObject({ verb: 'retract', by: 'console', room });
    expect(operation.about).toContain('not so');
    expect((await retract({ round: '7' })).status).toBe(404);
    for (const wish of [{}, { round: 1 }, { round: '1', resaon: 'x' }, { round: '1', reason: '' }])
      expect((await retract(wish)).status).toBe(400);
    const verified = async () => (await api(`rooms/${room}/verify`)).body;
    // Documents follow the log.
    await expect.poll(verified).toMatchObject({ problems: [] });
    expect((await verified()).documents).toBeGreaterThan(0);
    expect((await api('rooms/ZZZZZZ/verify')).status).toBe(404);
  });

  test('is told to nobody through a proxy', async () => {
    expect((await api('overview', { headers: { 'x-forwarded-for': '10.0.0.1' } })).status).toBe(403);
  });
});
