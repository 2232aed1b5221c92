// A server and the agents in processes of their own on a Valkey of their own, and rooms full of clients.

import { readdirSync, readFileSync } from 'node:fs';
import { freePort } from '../../../server/setup/embedded-valkey.ts';
import { connect, untilReady, type Valkey } from '../../../streams/parts.ts';
import { startProcess, untilOk } from '../../support/processes.ts';
import { startTestValkey } from '../../support/valkey.ts';
import { type Client, newNonce, openClient, type Site } from './client.ts';

export interface Stage {
  readonly http: string;
  readonly site: Site;
  readonly commands: Valkey;
  /** CPU of the server so far with all its threads, in us. */
  serverCpuUs(): number;
  stop(): Promise<void>;
}

export interface Seated {
  readonly room: string;
  readonly host: Client;
  readonly players: readonly Client[];
}

const leadMs = 700;

export async function startStage(): Promise<Stage> {
  const valkey = await startTestValkey();
  const port = await freePort();
  const http = `http://127.0.0.1:${port}`;
  const env = {
    ...{ VALKEY_URL: valkey.url, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'warn' },
    // Each client has an address of its own, as a thousand rooms have.
    ...{ TRUSTED_PROXIES: '127.0.0.1', LEAD_MS: String(leadMs), CLAIMS_AHEAD: '1' },
  };
  const processes = [startProcess('server', ['serve'], env), startProcess('agents', ['agents'], env)];
  const commands = connect(valkey.url, 'bench');
  await untilReady(commands, AbortSignal.timeout(10_000));
  await untilOk(`${http}/ready`);
  const [server] = processes;
  return {
    http,
    site: { host: '127.0.0.1', port },
    commands,
    serverCpuUs: () => threadsCpuUs(server?.pid ?? 0),
    async stop() {
      commands.disconnect();
      await Promise.all(processes.map((one) => one.kill()));
      await valkey.stop();
    },
  };
}

/** As the scheduler counts, to the nanosecond; without threads that have ended. Linux alone. */
function threadsCpuUs(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const used = tasks.map((task) =>
    Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
  );
  return used.reduce((sum, ns) => sum + ns, 0) / 1_000;
}

let addresses = 0;
const newAddress = (): string => {
  addresses += 1;
  return `10.${addresses >>> 16}.${(addresses >>> 8) & 255}.${addresses & 255}`;
};

/** A room with a host who goes on by hand. */
export async function makeRoom(
  { http, site }: Stage,
  settings: object = {},
): Promise<Omit<Seated, 'players'>> {
  const address = newAddress();
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': address };
  const body = JSON.stringify({ rounds: 50, seconds: 120, autoAdvance: false, trial: true, ...settings });
  const made = await fetch(`${http}/api/rooms`, { method: 'POST', headers, body });
  const { room, hostToken } = (await made.json()) as { room: string; hostToken: string };
  const host = await openClient(site, address);
  refuse(await host.request('join', { room, role: 'host', token: hostToken }));
  return { room, host };
}

/** So many connections, not joined yet. */
export async function openClients({ site }: Stage, count: number): Promise<Client[]> {
  const clients: Client[] = [];
  while (clients.length < count) {
    const lot = Math.min(200, count - clients.length);
    clients.push(...(await Promise.all(Array.from({ length: lot }, () => openClient(site, newAddress())))));
  }
  return clients;
}

let names = 0;

/** All at once; resolves when the last is in. */
export async function joinAll(room: string, clients: readonly Client[]): Promise<void> {
  const replies = await Promise.all(
    clients.map((client) => client.request('join', { room, name: `Player ${names++}`, nonce: newNonce() })),
  );
  replies.forEach(refuse);
}

export function refuse(reply: string): void {
  if (reply.includes('"err"')) throw new Error(`refused: ${reply}`);
}

export interface Told {
  /** As the client that was told last has it. */
  readonly text: string;
  /** Moments of `performance.now()`: when the first was told, and the last. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Resolves when each of the clients was told of this. */
export function untilTold(clients: readonly Client[], type: string): Promise<Told> {
  const { promise, resolve } = Promise.withResolvers<Told>();
  let left = clients.length;
  let firstAt = 0;
  for (const client of clients) {
    client.onEvent = (t, text) => {
      if (t !== type) return;
      client.onEvent = () => undefined;
      if (left === clients.length) firstAt = performance.now();
      left -= 1;
      if (left === 0) resolve({ text: text(), firstAt, lastAt: performance.now() });
    };
  }
  return promise;
}
