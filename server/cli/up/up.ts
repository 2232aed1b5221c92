// `arena up`: runs a Valkey unless VALKEY_URL names one, the server in a process of its own, and all
// agents in another. Only one may run in a folder, since another would use the same consumer names; it
// says so and ends.

import { fork } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { limits } from '../../../core/limits.ts';
import { isAway, openStore, type Store, silentReport } from '../../../streams/engine.ts';
import { awayOr } from '../../../streams/parts.ts';
import { CannotStart } from '../../config/cannot-start.ts';
import type { Config } from '../../config/config.ts';
import { announceWhenReady } from './announce.ts';
import { folderId, lockFolder } from './folder-lock.ts';
import { keepValkey } from './keep-valkey.ts';
import { lanUrl } from './lan-url.ts';
import type { Orders } from './orders.ts';
import { forkProgram, keptProgram, type ProgramName } from './programs.ts';
import { type ChildPlan, supervise } from './supervisor.ts';

const restarting = { healthyMs: 30_000, chance: Math.random };
const reachMs = 5_000;

const unseen =
  'whether another Agent Arena runs from this folder is not known: the store lets its user not see who is there (+client|list)';
const say = (line: string): void => void process.stderr.write(`arena: ${line}\n`);

export async function up(config: Config, signal: AbortSignal): Promise<void> {
  await refuseTakenPort(config.http);
  const { dataDir } = config.valkey;
  const valkey = config.valkey.url === null ? await keepValkey({ dataDir, restarting, say }, signal) : null;
  const url = config.valkey.url ?? valkey?.url ?? '';
  // A link that says localhost does not work on a phone.
  const others = config.http.publicUrlGiven ? null : lanUrl(config.http);
  const unlock = await lockFolder(url, dataDir, valkey === null, () => say(unseen));
  try {
    if (valkey === null) await refuseUnfitStore(url);
    await runPrograms({ url, folder: folderId(dataDir) }, config.http, others, signal);
  } finally {
    unlock();
    await valkey?.stop();
  }
}

/** Tells both what to do, and people when they can come in. */
async function runPrograms(
  { url, folder }: { readonly url: string; readonly folder: string },
  http: Config['http'],
  others: string | null,
  signal: AbortSignal,
): Promise<void> {
  const listening = Promise.withResolvers<void>();
  const known: Orders = others === null ? {} : { PUBLIC_URL: others };
  const plans: ChildPlan[] = [
    planOf('server', { VALKEY_URL: url, ...known }, listening.resolve),
    // Agents of two folders on one Valkey need different consumer names: under one name each would take
    // the other's pending entries for its own.
    planOf('agents', { VALKEY_URL: url, ARENA_SLOT: folder }),
  ];
  const running = supervise(plans, { ...restarting, onExit, endMs: limits.childEndMs }, signal);
  // A server that is ended before it listens never sends its message.
  await Promise.race([listening.promise, running]);
  // On a first start the server is not ready without the agents, so it is looked at again and again.
  void announceWhenReady(http, others, signal).then(() => keepProgram(signal));
  await running;
}

/** For the next start. It ends with this process; where nothing can be written, each start is as slow. */
function keepProgram(signal: AbortSignal): void {
  if (keptProgram !== null || signal.aborted) return;
  const program = fileURLToPath(new URL('../../setup/keep-program.ts', import.meta.url));
  const keeping = fork(program, { stdio: 'ignore', execArgv: [] });
  keeping.on('error', () => undefined);
  signal.addEventListener('abort', () => keeping.kill('SIGKILL'), { once: true });
}

const planOf = (name: ProgramName, orders: Orders, onWord: () => void = () => undefined): ChildPlan => ({
  name,
  fork: () => forkProgram(name),
  orders,
  onWord,
});

function onExit(name: string, why: string, backInMs: number): void {
  say(`${name} ended (${why}); it comes back in ${(backInMs / 1_000).toFixed(1)} s`);
}

/** Tried before anything starts: a server that cannot listen would be started again and again. */
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

/** The same for a store that is not fit. For one that does not answer yet the programs wait. */
async function refuseUnfitStore(url: string): Promise<void> {
  const signal = AbortSignal.timeout(reachMs);
  let store: Store | null = null;
  try {
    // Loaded where it is needed alone: a start waits for this program first of all.
    const { refuseUnfit } = await import('../../wiring/store.ts');
    store = await openStore(url, signal, silentReport);
    await refuseUnfit(store, signal);
  } catch (error) {
    const absent = signal.aborted || isAway(awayOr(error));
    if (error instanceof CannotStart || !absent) throw error;
  } finally {
    store?.close();
  }
}
