// `arena up`: a Valkey if none is given, the server, each agent in a process of its own. One per folder: a
// second one would write under the same consumer names, so it says so and leaves.

import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { limits } from '../../core/limits.ts';
import { isAway } from '../../core/ports.ts';
import { backoffMs } from '../../streams/backoff.ts';
import { awayOr } from '../../streams/connection.ts';
import { embeddedUrl, endStray, isAlive, startValkey } from '../../streams/embedded-valkey.ts';
import { groups } from '../../streams/keys.ts';
import { openStore, type Store } from '../../streams/store.ts';
import { CannotStart } from '../cannot-start.ts';
import type { Config } from '../config.ts';
import { refuseUnfit } from '../store.ts';
import { announceIfReady, announceWhenReady } from './announce.ts';
import { folderId, lockFolder, refuseSecond } from './folder-lock.ts';
import { lanUrl } from './lan-url.ts';
import { type ChildPlan, supervise } from './supervisor.ts';

const healthyMs = 30_000;
const reachMs = 5_000;

const say = (line: string): void => void process.stderr.write(`arena: ${line}\n`);

export async function up(config: Config, signal: AbortSignal): Promise<void> {
  await refuseTakenPort(config.http);
  const valkey = config.valkey.url === null ? await bringValkey(config.valkey.dataDir, signal) : null;
  const url = config.valkey.url ?? valkey?.url ?? '';
  // Links for phones must not say localhost.
  const others = config.http.publicUrlGiven ? null : lanUrl(config.http);
  const unlock = await lockFolder(url, config.valkey.dataDir, valkey === null);
  try {
    if (valkey === null) await refuseUnfitStore(url);
    await runPrograms({ url, folder: folderId(config.valkey.dataDir) }, config.http, others, signal);
  } finally {
    unlock();
    await valkey?.stop();
  }
}

/** The server first: six programs that load at once keep each other from it, and people wait for one. */
async function runPrograms(
  store: { readonly url: string; readonly folder: string },
  http: Config['http'],
  others: string | null,
  signal: AbortSignal,
): Promise<void> {
  const listening = Promise.withResolvers<void>();
  const { server, agents } = plans(store, others === null ? {} : { PUBLIC_URL: others });
  const supervision = { onExit, chance: Math.random, healthyMs, endMs: limits.childEndMs };
  const serving = supervise([{ ...server, onWord: listening.resolve }], supervision, signal);
  // A server that is ended before it listens never says a word.
  await Promise.race([listening.promise, serving]);
  // Looked at before the agents load, who keep it from answering; the first time it waits for them.
  if (!(await announceIfReady(http, others))) void announceWhenReady(http, others, signal);
  await Promise.all([serving, supervise(agents, supervision, signal)]);
}

function onExit(name: string, why: string, backInMs: number): void {
  say(`${name} ended (${why}); it comes back in ${(backInMs / 1_000).toFixed(1)} s`);
}

/**
 * `known`: what the server is told beyond what everybody is. Agents of two folders on one Valkey have names
 * of their own: whoever shares one takes what the other is at for its own.
 */
function plans(
  { url, folder }: { readonly url: string; readonly folder: string },
  known: Readonly<Record<string, string>>,
): { server: ChildPlan; agents: ChildPlan[] } {
  const file = fileURLToPath(new URL('./arena.ts', import.meta.url));
  const env = { ...process.env, VALKEY_URL: url };
  const agents = groups.map((name) => ({
    name,
    file,
    args: ['agents', name],
    env: { ...env, ARENA_SLOT: `${name}-${folder}` },
  }));
  return { server: { name: 'server', file, args: ['serve'], env: { ...env, ...known } }, agents };
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

/** The same of a store where nobody can work; for one that is not there yet the programs wait. */
async function refuseUnfitStore(url: string): Promise<void> {
  const signal = AbortSignal.timeout(reachMs);
  let store: Store | null = null;
  try {
    store = await openStore(url, signal);
    await refuseUnfit(store, signal);
  } catch (error) {
    const absent = signal.aborted || isAway(awayOr(error));
    if (error instanceof CannotStart || !absent) throw error;
  } finally {
    store?.close();
  }
}

interface Brought {
  readonly url: string;
  stop(): Promise<void>;
}

/** A Valkey of this folder that comes back when it is killed. */
async function bringValkey(dataDir: string, signal: AbortSignal): Promise<Brought> {
  if (await isAlive(dataDir)) {
    const url = (await embeddedUrl(dataDir)) ?? '';
    await orGone(() => refuseSecond(url, dataDir));
    await orGone(() => endStray(dataDir));
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

/** What is on its way out, with whoever had it, may answer no more: then it is as good as gone. */
async function orGone(ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    if (!late && !isAway(awayOr(error))) throw error;
  }
}
