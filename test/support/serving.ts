// A server and all agents in this process, on a real Valkey of their own: for tests that need a whole arena
// quickly and kill nothing but the Valkey.

import { WebSocket } from 'ws';
import { type Group, groups } from '../../core/game.ts';
import { MadeRoom } from '../../core/messages.ts';
import { type Config, readConfig } from '../../server/config/config.ts';
import { serve } from '../../server/main.ts';
import { runAgents } from '../../server/run-agents.ts';
import { freePort } from './ports.ts';
import { untilOk } from './processes.ts';
import { startTestValkey, type TestValkey } from './valkey.ts';
import { WireClient, type WireOptions } from './wire-client.ts';

export interface Serving {
  readonly http: string;
  readonly ws: string;
  readonly config: Config;
  readonly valkey: TestValkey;
  makeRoom(settings?: object): Promise<{ room: string; hostToken: string }>;
  /** At this server, or through something else that leads to it. */
  client(options: Omit<WireOptions, 'url'> & { readonly url?: string }): WireClient;
  /** A socket without any manners. */
  raw(protocols?: string[], headers?: Record<string, string>): WebSocket;
  stop(): Promise<void>;
}

type Env = Readonly<Record<string, string>>;

export async function startServing(env: Env = {}): Promise<Serving> {
  const valkey = await startTestValkey();
  const arena = await serveOn(valkey.url, env);
  return {
    ...arena,
    valkey,
    async stop() {
      await arena.stop();
      await valkey.stop();
    },
  };
}

/** On a store that is there, at a port that is free unless one is named; `agents` are those that run here. */
export async function serveOn(
  valkeyUrl: string,
  env: Env = {},
  agents: readonly Group[] = groups,
): Promise<Omit<Serving, 'valkey'>> {
  const port = env['PORT'] ?? String(await freePort());
  const quick = { LEAD_MS: '100', INTERMISSION_MS: '100', LOG_LEVEL: 'silent', HOST: '127.0.0.1' };
  const config = readConfig({
    ...quick,
    PORT: port,
    VALKEY_URL: valkeyUrl,
    ARENA_SLOT: 'test',
    ...env,
  });
  const stop = new AbortController();
  const running = [serve(config, stop.signal), runAgents(config, agents, stop.signal)];
  const http = `http://127.0.0.1:${port}`;
  const ws = `ws://127.0.0.1:${port}/ws`;
  const clients: WireClient[] = [];
  await Promise.race([untilOk(`${http}/ready`), Promise.all(running)]);
  return {
    http,
    ws,
    config,
    async makeRoom(settings = {}) {
      const headers = { 'content-type': 'application/json' };
      const reply = await fetch(`${http}/api/rooms`, {
        method: 'POST',
        headers,
        body: JSON.stringify(settings),
      });
      if (reply.status !== 201) throw new Error(`no room: ${reply.status} ${await reply.text()}`);
      return MadeRoom.parse(await reply.json());
    },
    client(options) {
      const client = new WireClient({ url: ws, ...options });
      clients.push(client);
      return client;
    },
    raw: (protocols = ['arena.v1.json'], headers = {}) => new WebSocket(ws, protocols, { headers }),
    async stop() {
      for (const client of clients) client.close();
      stop.abort(new Error('the test is over'));
      await Promise.all(running);
    },
  };
}
