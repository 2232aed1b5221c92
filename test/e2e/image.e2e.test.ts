import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { groups } from '../../core/game.ts';
import { MadeRoom } from '../../core/messages.ts';
import { copied, type ImageFiles, layOutImage } from '../support/image.ts';
import { freePort } from '../support/ports.ts';
import { type ArenaProcess, startProcess, untilOk } from '../support/processes.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';
import { WireClient } from '../support/wire-client.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

let image: ImageFiles;
let valkey: TestValkey;
const processes: ArenaProcess[] = [];

beforeAll(async () => {
  [image, valkey] = await Promise.all([layOutImage(), startTestValkey()]);
}, 60_000);
afterAll(async () => {
  await Promise.all(processes.map((process) => process.kill()));
  await valkey.stop();
  await image.remove();
});

describe('the image', () => {
  test('is let through what it copies, and runs as a user without rights', async () => {
    const lines = readFileSync(`${root}.dockerignore`, 'utf8').split('\n');
    const { installing, running } = await copied();
    expect(lines).toContain('*');
    for (const source of [...installing, ...running]) expect(lines).toContain(`!${source}`);
    expect(readFileSync(`${root}Dockerfile`, 'utf8')).toMatch(/^USER node$/m);
  });

  test('has all that a game needs: a server and each agent play one to its end', async () => {
    const port = await freePort();
    const http = `http://127.0.0.1:${port}`;
    const arena = `${image.folder}/server/cli/arena.ts`;
    const env = {
      NODE_ENV: 'production',
      VALKEY_URL: valkey.url,
      PORT: String(port),
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      LEAD_MS: '100',
      INTERMISSION_MS: '100',
    };
    processes.push(startProcess('server', ['serve'], env, arena));
    for (const group of groups) processes.push(startProcess(group, ['agents', group], env, arena));
    await untilOk(`${http}/ready`);
    for (const page of ['/', '/docs', '/docs/asyncapi.json']) {
      expect((await fetch(http + page)).status, page).toBe(200);
    }
    const made = await fetch(`${http}/api/rooms`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rounds: 2, seconds: 5 }),
    });
    const { room, hostToken } = MadeRoom.parse(await made.json());
    const url = `${http.replace('http', 'ws')}/ws`;
    const over = new AbortController();
    const host = new WireClient({ url, room, role: 'host', token: hostToken });
    const player = new WireClient({ url, room, name: 'Ada', choose: () => 'FACT' });
    const staying = [host, player].map((client) => client.stay(over.signal));
    await Promise.all([host, player].map((client) => client.until(() => client.joined !== null)));
    expect(await host.request('start', { after: null })).toMatchObject({ ok: expect.anything() });
    await player.until(() => player.frame('GAME_OVER') !== undefined, 60_000);
    over.abort();
    for (const client of [host, player]) client.close();
    await Promise.all(staying);
    expect(player.acknowledged).toHaveLength(2);
    expect(processes.map(({ name, output }) => [name, output()])).toEqual(
      processes.map(({ name }) => [name, '']),
    );
  });
});
