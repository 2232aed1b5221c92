// The description of the protocol tells the truth: every frame of real games fits it, every example does, and
// what it tells a reader to run plays a game.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { MadeRoom, Refusal, replies, roomEvents, volatileEvents } from '../../core/messages.ts';
import { RequestFrame, requestData } from '../../core/protocol.ts';
import { examples } from '../../server/docs/examples.ts';
import { endpoints, settingsExample } from '../../server/docs/http.ts';
import { type Serving, startServing } from '../support/serving.ts';

let arena: Serving;
beforeAll(async () => {
  arena = await startServing();
});
afterAll(() => arena.stop());

const AsyncApi = z.object({
  asyncapi: z.string(),
  channels: z.object({ arena: z.object({ messages: z.record(z.string(), z.unknown()) }) }),
  operations: z.unknown(),
});

const told: Readonly<Record<string, z.ZodType>> = { ...roomEvents, ...volatileEvents };

/** What is wrong with a frame of the server; null if it fits. Nothing may be there that is not described. */
function wrongWith(t: string, d: unknown): string | null {
  const schema = told[t];
  if (schema === undefined) return `${t} is not described`;
  const parsed = schema.safeParse(d);
  if (!parsed.success) return `${t}: ${parsed.error.message} in ${JSON.stringify(d)}`;
  const more = JSON.stringify(d).length - JSON.stringify(parsed.data).length;
  return more === 0 ? null : `${t} has more than is described: ${JSON.stringify(d)}`;
}

describe('the description', () => {
  test('fits every frame and every reply of a game with all that hosts and players do', async () => {
    const { room, hostToken } = await arena.makeRoom({ rounds: 4, seconds: 60, autoAdvance: false });
    const host = arena.client({ room, role: 'host', token: hostToken });
    const ada = arena.client({ room, name: 'Ada', choose: () => 'FACT' });
    const bo = arena.client({ room, name: 'Bo', choose: () => null });
    const joins = [await host.connect(), await ada.connect(), await bo.connect()];
    const screen = arena.client({ room, role: 'screen' });
    joins.push(await screen.connect());
    const wrong: string[] = [];
    const check = (t: string, schema: z.ZodType, value: unknown) => {
      const parsed = schema.safeParse(value);
      if (!parsed.success) wrong.push(`${t}: ${parsed.error.message} in ${JSON.stringify(value)}`);
    };
    for (const { ok } of joins) check('join', replies.join, ok);
    const ask = async (t: keyof typeof replies, d: object = {}, client = host) => {
      const { ok, err } = await client.request(t, d);
      if (err === undefined) check(t, replies[t], ok);
      else check('refusal', Refusal, err);
      return ok;
    };
    const question = (n: number) => ada.frames.filter(({ t }) => t === 'NEW_QUESTION')[n - 1]?.d;
    const asked = (n: number) => ada.until(() => question(n) !== undefined);
    await ask('settings', { streaks: false });
    await ask('start', { after: null });
    await asked(1);
    const { roundId } = question(1);
    await ada.until(() => ada.acknowledged.length > 0);
    await ask('answer', { roundId, answer: 'FACT' }, ada);
    await ask('pause');
    await ask('resume');
    await ask('extend', { roundId, ms: 1_000 });
    await ask('answer', { roundId: 'nonsense', answer: 'FACT' }, ada);
    await ask('close', { roundId });
    await ada.until(() => ada.frame('ROUND_COMPLETE') !== undefined);
    await ask('report', { roundId, reason: 'Not so.' }, ada);
    await ask('next', { roundId });
    await asked(2);
    await ask('skip', { roundId: question(2).roundId });
    await ask('kick', { playerId: bo.playerId });
    await ask('ping', {}, ada);
    await ask('end', { game: host.frame('GAME_START')?.d.game });
    await ada.until(() => ada.frame('GAME_OVER') !== undefined);
    await ask('leave', {}, ada);
    const seen = new Set<string>();
    for (const client of [host, ada, bo, screen]) {
      for (const { t, d } of client.frames) {
        seen.add(t);
        const problem = wrongWith(t, d);
        if (problem !== null) wrong.push(problem);
      }
    }
    expect(wrong).toEqual([]);
    // A crowd is in `crowd.int.test.ts`.
    const rare = new Set(['ROUND_VOIDED', 'PLAYER_LEFT', 'crowd']);
    expect(Object.keys(told).filter((t) => !seen.has(t) && !rare.has(t))).toEqual([]);
  });

  test('is served, and describes every request, reply and event', async () => {
    const document = AsyncApi.parse(await (await fetch(`${arena.http}/docs/asyncapi.json`)).json());
    expect(document.asyncapi).toBe('3.1.0');
    const names = Object.keys(document.channels.arena.messages);
    const requests = Object.keys(requestData);
    for (const t of requests) expect(names).toEqual(expect.arrayContaining([`request.${t}`, `reply.${t}`]));
    for (const t of Object.keys(told)) expect(names).toContain(`event.${t}`);
    const refs = JSON.stringify(document.operations).match(/#\/channels\/arena\/messages\/[\w.]+/g) ?? [];
    expect(refs.length).toBe(names.length);
    for (const ref of refs) expect(names).toContain(ref.split('/').at(-1));
  });

  test.each(examples.map(({ message, payload }) => [message, payload] as const))(
    'shows a %s that is one',
    (message, payload) => {
      const [kind = '', t = ''] = message.split('.');
      const { d, ok, err } = payload as { d?: unknown; ok?: unknown; err?: unknown };
      if (kind === 'request') {
        const schema: z.ZodType | undefined = Object.entries(requestData).find(([name]) => name === t)?.[1];
        expect(RequestFrame.safeParse(payload).success).toBe(true);
        expect(schema?.safeParse(d).error).toBeUndefined();
      } else if (kind === 'event') expect(wrongWith(t, d)).toBeNull();
      else if (kind === 'refusal') expect(Refusal.safeParse(err).error).toBeUndefined();
      else
        expect(
          Object.entries(replies)
            .find(([name]) => name === t)?.[1]
            .safeParse(ok).error,
        ).toBeUndefined();
    },
  );
});

describe('what is asked over HTTP', () => {
  test('is described as it is served, each address of it', async () => {
    const page = await (await fetch(`${arena.http}/docs`)).text();
    const [, url = ''] = /(http:[^ ]+\/api\/rooms)</.exec(page) ?? [];
    const init = { method: 'POST', body: JSON.stringify(settingsExample) };
    const made = await fetch(`${arena.http}${new URL(url).pathname}`, init);
    expect(made.status).toBe(201);
    const given = MadeRoom.parse(await made.json());
    for (const name of Object.keys(given)) expect(page).toContain(`&quot;${name}&quot;:`);
    const { room, hostToken } = given;
    const shown = (await (await fetch(`${arena.http}/api/rooms/${room}`)).json()) as { settings: object };
    expect(shown.settings).toMatchObject(settingsExample);
    const host = arena.client({ room, role: 'host', token: hostToken });
    expect((await host.connect()).err).toBeUndefined();
    for (const { method, path } of endpoints) {
      expect(page).toContain(`${method} ${path}`);
      const reply = await fetch(arena.http + path.replace(':room', room), { method });
      // No game has ended here; the address is there all the same, and says so.
      const known = path.includes(':game') ? 404 : method === 'POST' ? 201 : 200;
      expect([path, reply.status]).toEqual([path, known]);
      expect(reply.headers.get('content-type')).toContain('application/json');
    }
  });
});

/** Runs a program of the page; `ended` is its exit code. */
function run(program: string, ...args: readonly string[]) {
  const file = fileURLToPath(new URL(`../../server/docs/${program}`, import.meta.url));
  const running = spawn(process.execPath, [file, ...args]);
  onTestFinished(() => void running.kill());
  const said: string[] = [];
  running.stdout.on('data', (data) => said.push(String(data)));
  const ended = new Promise<number | null>((resolve) => running.once('close', resolve));
  return { said: () => said.join(''), ended };
}

describe('the programs of the page', () => {
  test('play a game to its end: one starts it, the other, of 30 lines, plays', async () => {
    const { room, hostToken } = await arena.makeRoom({ rounds: 1, seconds: 6 });
    const screen = arena.client({ room, role: 'screen' });
    await screen.connect();
    const client = run('client.mjs', arena.http, room, 'Thirty');
    await screen.until(() => screen.frame('PLAYER_JOINED') !== undefined);
    expect(await run('host.mjs', arena.http, room, hostToken).ended).toBe(0);
    expect(await client.ended).toBe(0);
    expect(client.said()).toMatch(/(right|wrong), \d+ points/);
  });

  test('say why they may not, and end', async () => {
    const { room } = await arena.makeRoom();
    const nowhere = run('client.mjs', arena.http, 'AAAAAA');
    expect(await nowhere.ended).toBe(1);
    expect(nowhere.said()).toBe('refused: There is no room with this code.\n');
    const stranger = run('host.mjs', arena.http, room, 'no-token-of-this-room');
    expect(await stranger.ended).toBe(1);
    expect(stranger.said()).toBe('refused: This token is not valid in this room.\n');
  });

  test('and who is sent away stays away', async () => {
    const { room, hostToken } = await arena.makeRoom();
    const host = arena.client({ room, role: 'host', token: hostToken });
    await host.connect();
    const client = run('client.mjs', arena.http, room, 'Thirty');
    await host.until(() => host.frame('PLAYER_JOINED') !== undefined);
    await host.request('kick', { playerId: host.frame('PLAYER_JOINED')?.d.playerId });
    expect(await client.ended).toBe(1);
    expect(client.said()).toBe('the line is down: 4502 kicked\n');
  });
});

describe('the page', () => {
  test('goes from a room to a game, all of it at one address', async () => {
    const page = await (await fetch(`${arena.http}/docs`)).text();
    const site = `http://localhost:${new URL(arena.http).port}`;
    const steps = ['/api/rooms', 'node client.mjs ', 'node host.mjs '].map((step) => page.indexOf(step));
    expect(steps).not.toContain(-1);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(new Set(page.match(/http:[/][/][\w.]+:\d+/g))).toEqual(new Set([site]));
    for (const program of ['client.mjs', 'host.mjs']) {
      expect(page).toContain(`curl -O ${site}/docs/${program}`);
      const text = await (await fetch(`${arena.http}/docs/${program}`)).text();
      expect(text).toContain(`node ${program} ${site} `);
    }
  });

  test('shows the client, of 30 lines, and is no program itself', async () => {
    const page = await (await fetch(`${arena.http}/docs`)).text();
    expect(page).toContain('Write your own client in 30 lines');
    expect(page).toContain('new WebSocket(');
    expect(page).not.toContain('<script');
    const client = await (await fetch(`${arena.http}/docs/client.mjs`)).text();
    expect(client.trimEnd().split('\n').length).toBeLessThanOrEqual(30);
  });

  test('shows every message that the description has, as it was really sent', async () => {
    const page = await (await fetch(`${arena.http}/docs`)).text();
    const shown = new Set(examples.map(({ message }) => message));
    const asked = Object.keys(requestData).flatMap((t) => [`request.${t}`, `reply.${t}`]);
    const all = [...asked, ...Object.keys(told).map((t) => `event.${t}`), 'refusal'];
    expect(all.filter((message) => !shown.has(message))).toEqual([]);
    for (const t of [...Object.keys(requestData), ...Object.keys(told)]) {
      expect(page).toMatch(new RegExp(`<h3>${t}</h3>[^]*?<pre tabindex="0"><code>[→←] {`));
    }
  });
});
