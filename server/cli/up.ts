// `arena up`: a Valkey if none is given, the server, each agent in a process of its own. One per folder: a
// second one would write under the same consumer names, so it says so and leaves.

import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { backoffMs } from '../../streams/backoff.ts';
import { connect, untilReady, type Valkey } from '../../streams/connection.ts';
import { embeddedUrl, endStray, isAlive, startValkey } from '../../streams/embedded-valkey.ts';
import { groups } from '../../streams/keys.ts';
import type { Config } from '../config.ts';
import { CannotStart } from './explain.ts';
import { type ChildPlan, supervise } from './supervisor.ts';

const childEndMs = 3_000;
const healthyMs = 30_000;
const reachMs = 5_000;

const say = (line: string): void => void process.stderr.write(`arena: ${line}\n`);

export async function up(config: Config, signal: AbortSignal): Promise<void> {
  await refuseTakenPort(config.http);
  const valkey = config.valkey.url === null ? await bringValkey(config.valkey.dataDir, signal) : null;
  const url = config.valkey.url ?? valkey?.url ?? '';
  const lock = await lockFolder(url, config.valkey.dataDir, valkey === null);
  try {
    const children = supervise(
      plans(url),
      { onExit, chance: Math.random, healthyMs, endMs: childEndMs },
      signal,
    );
    void announce(config, signal);
    await children;
  } finally {
    lock.disconnect();
    await valkey?.stop();
  }
}

function onExit(name: string, why: string, backInMs: number): void {
  say(`${name} ended (${why}); it comes back in ${(backInMs / 1_000).toFixed(1)} s`);
}

function plans(url: string): ChildPlan[] {
  const file = fileURLToPath(new URL('./arena.ts', import.meta.url));
  const env = { ...process.env, VALKEY_URL: url };
  const agents = groups.map((name) => ({
    name,
    file,
    args: ['agents', name],
    env: { ...env, ARENA_SLOT: `${name}-0` },
  }));
  return [{ name: 'server', file, args: ['serve'], env }, ...agents];
}

/** Found out before anything is started: a child that cannot listen would only come back and fail again. */
async function refuseTakenPort({ port, host }: Config['http']): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  const { promise, resolve: free, reject } = Promise.withResolvers<void>();
  probe.once('error', (error: NodeJS.ErrnoException) => {
    const taken = error.code === 'EADDRINUSE';
    const why = taken ? 'is in use, perhaps by another Agent Arena' : `cannot be listened on (${error.code})`;
    reject(
      new CannotStart(`Port ${port} ${why}. Stop what runs there, or choose another: PORT=8001 npm start`),
    );
  });
  probe.listen(port, host, () => probe.close(() => free()));
  await promise;
}

interface Brought {
  readonly url: string;
  stop(): Promise<void>;
}

/** A Valkey of this folder that comes back when it is killed. */
async function bringValkey(dataDir: string, signal: AbortSignal): Promise<Brought> {
  if (await isAlive(dataDir)) {
    const url = (await embeddedUrl(dataDir)) ?? '';
    await refuseSecond(url, dataDir);
    await endStray(dataDir);
  }
  let server = await startValkey(dataDir, say);
  let stopping = false;
  const keeping = (async () => {
    for (let failures = 0; !stopping; ) {
      const why = await server.ended;
      if (stopping || signal.aborted) return;
      say(`valkey ended (${why}); it is started again`);
      try {
        await endStray(dataDir);
        server = await startValkey(dataDir, say);
        failures = 0;
      } catch (error) {
        failures += 1;
        say(String(error));
        await sleep(backoffMs(failures, Math.random()), undefined, { signal }).catch(() => undefined);
      }
    }
  })();
  return {
    url: server.url,
    async stop() {
      stopping = true;
      await server.stop();
      await keeping;
    },
  };
}

function lockName(dataDir: string): string {
  const folder = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 12);
  return `arena-up:${hostname()}:${folder}`;
}

async function holders(connection: Valkey, dataDir: string): Promise<number[]> {
  const list = String(await connection.call('CLIENT', 'LIST'));
  const mine = list.split('\n').filter((line) => line.includes(` name=${lockName(dataDir)} `));
  return mine.map((line) => Number(/^id=(\d+)/.exec(line)?.[1])).sort((a, b) => a - b);
}

async function refuseSecond(url: string, dataDir: string): Promise<void> {
  const probe = connect(url, 'arena-probe');
  try {
    await untilReady(probe, AbortSignal.timeout(reachMs));
    if ((await holders(probe, dataDir)).length > 0) throw alreadyRunning(dataDir);
  } finally {
    probe.disconnect();
  }
}

function alreadyRunning(dataDir: string): CannotStart {
  return new CannotStart(
    `Agent Arena already runs from this folder (${resolve(dataDir)}). Stop it first, or give another ARENA_DATA_DIR.`,
  );
}

/**
 * A named connection is the lock: it is gone with the process. Of two that come at once the older one stays.
 */
async function lockFolder(url: string, dataDir: string, foreign: boolean): Promise<Valkey> {
  const connection = connect(url, lockName(dataDir));
  try {
    await untilReady(connection, AbortSignal.timeout(reachMs)).catch((cause: unknown) => {
      const where = foreign ? 'VALKEY_URL names a Valkey that' : 'The Valkey of this folder';
      throw new CannotStart(`${where} did not answer within ${reachMs / 1_000} s.`, { cause });
    });
    const id = Number(await connection.call('CLIENT', 'ID'));
    const [oldest] = await holders(connection, dataDir);
    if (oldest !== id) throw alreadyRunning(dataDir);
    return connection;
  } catch (error) {
    connection.disconnect();
    throw error;
  }
}

/** Says once that people can play. */
async function announce({ http }: Config, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const ready = await fetch(`http://127.0.0.1:${http.port}/ready`).catch(() => null);
    if (ready?.ok === true) {
      process.stdout.write(`Agent Arena is ready: ${http.publicUrl}\n`);
      return;
    }
    await sleep(50, undefined, { signal }).catch(() => undefined);
  }
}
