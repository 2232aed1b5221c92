import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGameKeys } from '../../server/stores/keys.ts';
import { untilReady, type Valkey } from '../../streams/valkey/connection.ts';
import { type Arena, startArena } from '../support/arena.ts';
import { startProcess } from '../support/processes.ts';
import { connectTo } from '../support/valkey.ts';
import { WireClient } from '../support/wire-client.ts';

// Secrets are planted wherever one can be, and everything goes wrong that could carry one into a line of
// some process: those whom they are shown quote them, the store is lost and refuses connections, what is
// asked is nonsense.

const planted = {
  valkey: 'planted/valkey@password',
  wrong: 'planted-wrong-password',
  ops: 'planted-ops-token',
  openai: 'planted-openai-key',
  collector: 'planted-collector-token',
  guessed: 'planted-guess-at-a-token',
  nonce: 'planted-nonce-of-a-player',
} as const;

/** A model and a collector that refuse, and quote the key that they were shown. */
async function startQuoting() {
  const quoted: string[] = [];
  const server = createServer((request, response) => {
    const said = `I do not know ${request.headers.authorization}`;
    quoted.push(said);
    request.resume();
    response.writeHead(418, said, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: said, type: 'wrong', param: null, code: null } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = async () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, quoted, stop };
}

let quoting: Awaited<ReturnType<typeof startQuoting>>;
let arena: Arena;
let commands: Valkey;

beforeAll(async () => {
  quoting = await startQuoting();
  const byOpenai = { WRITER_PROVIDER: 'openai', EDITOR_PROVIDER: 'openai', EMBEDDER_PROVIDER: 'openai' };
  const env = {
    ...byOpenai,
    LOG_LEVEL: 'trace',
    LEAD_MS: '100',
    INTERMISSION_MS: '100',
    ARENA_OPS_TOKEN: planted.ops,
    OPENAI_API_KEY: planted.openai,
    OPENAI_BASE_URL: `${quoting.url}/v1`,
    OTEL_EXPORTER_OTLP_ENDPOINT: quoting.url,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${planted.collector}`,
  };
  arena = await startArena(env, planted.valkey);
  commands = await connectTo(arena.valkeyUrl);
});
afterAll(async () => {
  commands.disconnect();
  await arena.stop();
  await quoting.stop();
});

/** Nonsense with a secret in it, over HTTP and over a socket. */
async function askNonsense(room: string): Promise<void> {
  const { guessed } = planted;
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  const asked = await Promise.all([
    fetch(`${arena.http}/metrics`, bearer(planted.ops)),
    fetch(`${arena.http}/metrics`, bearer(guessed)),
    fetch(`${arena.http}/api/ops/overview`, bearer(planted.ops)),
    fetch(`${arena.http}/api/rooms/${guessed}?token=${guessed}`),
    fetch(`${arena.http}/j/${room}?token=${guessed}`),
    fetch(`${arena.http}/api/rooms`, { method: 'POST', body: JSON.stringify({ token: guessed }) }),
    fetch(`${arena.http}/api/rooms`, { method: 'POST', body: `{"token":"${guessed}` }),
  ]);
  expect(asked.map(({ status }) => status)).toEqual([200, 403, 200, 404, 200, 400, 400]);
  const stranger = new WireClient({ url: arena.ws, room, token: guessed });
  expect((await stranger.connect()).err?.code).toBe('bad_token');
  expect((await stranger.request(guessed, {})).err?.code).toBe('unknown_type');
  expect((await stranger.request('join', { room, token: [guessed] })).err?.code).toBe('invalid_payload');
  const named = await stranger.request('join', { room, name: 'Bo', nonce: planted.nonce });
  expect(named.ok?.token).toEqual(expect.any(String));
  stranger.sendRaw(`{"id":9,"t":"join","d":{"token":"${guessed}"`);
  await stranger.until(() => stranger.raw.some((text) => text.includes('invalid_json')));
  stranger.close();
}

const status = async () => (await fetch(`${arena.http}/ready`)).status;

/** The store is killed, comes back, and then knows nobody's password for a while. */
async function loseStore(): Promise<void> {
  await arena.kill('valkey', 200);
  await expect.poll(status, { timeout: 20_000 }).toBe(200);
  await untilReady(commands, AbortSignal.timeout(5_000));
  await commands.call('CONFIG', 'SET', 'requirepass', planted.wrong);
  await commands.call('CLIENT', 'KILL', 'TYPE', 'NORMAL');
  await expect.poll(status, { timeout: 20_000 }).toBe(503);
  await commands.call('CONFIG', 'SET', 'requirepass', planted.valkey);
  await expect.poll(status, { timeout: 20_000 }).toBe(200);
}

test('no secret and no token stands in any line of any process', async () => {
  const wrongUrl = arena.valkeyUrl.replace(/:[^/]*@/, `:${planted.wrong}@`);
  const strangers = [['serve'], ['agents', 'writer']].map((verb) =>
    startProcess('stranger', verb, { VALKEY_URL: wrongUrl, PORT: '0', LOG_LEVEL: 'trace' }),
  );
  const { room, hostToken } = await arena.createRoom({ rounds: 3, seconds: 5 });
  const host = new WireClient({ url: arena.ws, room, role: 'host', token: hostToken });
  const ada = new WireClient({ url: arena.ws, room, name: 'Ada', choose: () => 'FACT' });
  const stay = new AbortController();
  await host.connect();
  const staying = ada.stay(stay.signal);
  await ada.until(() => ada.joined !== null);
  await host.request('start', { after: null });
  await askNonsense(room);
  await loseStore();
  await ada.until(() => ada.frame('GAME_OVER') !== undefined, 90_000);
  stay.abort();
  for (const client of [host, ada]) client.close();
  await staying;

  await Promise.all(strangers.map((stranger) => stranger.kill()));
  for (const { feed } of createGameKeys().partitions) await commands.set(feed, 'no stream');
  const processes = [...arena.processes.values()];
  await Promise.all(processes.map((process) => process.ended()));

  const secrets = [
    ...Object.values(planted),
    encodeURIComponent(planted.valkey),
    hostToken,
    ada.joined.token,
  ];
  for (const { name, output } of [...processes, ...strangers]) {
    for (const secret of secrets) expect(output(), `${name}: ${secret}`).not.toContain(secret);
  }
});

test('a bug that nobody caught ends the process, and is told without what hangs on it', async () => {
  const bug = `Object.assign(new Error('the bug'), { command: { args: ['${planted.valkey}'] } })`;
  const preload = `data:text/javascript,setTimeout(() => Promise.reject(${encodeURIComponent(bug)}), 200)`;
  const env = { VALKEY_URL: arena.valkeyUrl, PORT: '0', NODE_OPTIONS: `--import="${preload}"` };
  const one = startProcess('one', ['serve'], env);
  expect(await one.ended()).toBe(1);
  expect(one.output()).toContain('arena: Error: the bug');
  expect(one.output()).not.toContain(planted.valkey);
});
