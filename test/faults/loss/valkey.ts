// A Valkey of one setting: killed, with what the operating system has not yet brought to the disk or without
// it, and started again on what is left.
//
// What a power cut leaves is known by tracing the server's own calls: how much of its append-only file it had
// written when the last fdatasync that came back was begun. All behind that is taken away, although a disk
// may well have some of it: the worst case of what the operating system promises.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findValkey } from '../../../server/setup/valkey-binary.ts';
import { readyData } from '../../../server/setup/valkey-data.ts';
import { connect, untilReady, type Valkey } from '../../../streams/parts.ts';
import { findStrace } from './strace.ts';
import { syncedBytes } from './synced.ts';

const known = fileURLToPath(new URL('../../../.arena', import.meta.url));
const appendOnly = 'appendonlydir/appendonly.aof.1.incr.aof';
const readyMsMax = 60_000;
// Ports that no program is given when it asks for any.
const [portFrom, portCount] = [16_000, 16_000];

export interface LossValkey {
  readonly url: string;
  readonly port: number;
  readonly commands: Valkey;
  /** Rejects with its last words when it ends without being told to. */
  readonly broken: Promise<never>;
  /** SIGKILL; resolves when it is gone, also where it was before. */
  kill(): Promise<void>;
  /** As `kill`, and what no fdatasync had confirmed is gone, too. The server was started with `traced`. */
  cutPower(): Promise<void>;
}

interface Order {
  readonly folder: string;
  readonly appendfsync: string;
  readonly traced?: boolean;
  /** The port of whom it follows. */
  readonly replicaOf?: number;
}

/** Also on what an earlier one has left in the folder, mended as `npm start` does it. */
export async function startValkey(order: Order): Promise<LossValkey> {
  await mkdir(join(order.folder, 'data'), { recursive: true });
  for (;;) {
    const server = await tryPort(order, portFrom + Math.floor(Math.random() * portCount));
    if (server !== null) return server;
  }
}

/** Null where the port was taken: another server would be asked, and killed. */
async function tryPort(order: Order, port: number): Promise<LossValkey | null> {
  const { folder } = order;
  const data = join(folder, 'data');
  await readyData(folder, port, () => undefined);
  const [trace, words] = [join(folder, 'trace'), join(folder, 'log')];
  const child = await spawnValkey(order, { port, data, trace, words });
  const gone = once(child, 'exit').then(() => null);
  const url = `redis://127.0.0.1:${port}`;
  const commands = connect(url, 'judge');
  const late = AbortSignal.timeout(readyMsMax);
  const asked = untilReady(commands, late).then(() => commands.info('server'));
  const info = await Promise.race([asked, gone]);
  const pid = Number(/process_id:(\d+)/.exec(info ?? '')?.[1]);
  if (info === null || !(await isOf(child, pid))) {
    asked.catch(() => undefined);
    commands.disconnect();
    await gone;
    return null;
  }
  let told = false;
  const broken = gone.then(async () => {
    if (told) return new Promise<never>(() => undefined);
    throw new Error(`a server ended by itself: ${(await readFile(words, 'utf8')).slice(-500)}`);
  });
  broken.catch(() => undefined);
  const kill = async () => {
    told = true;
    commands.disconnect();
    if (child.exitCode !== null || child.signalCode !== null) return;
    process.kill(pid, 'SIGKILL');
    await gone;
  };
  return {
    url,
    port,
    commands,
    broken,
    kill,
    async cutPower() {
      await kill();
      await truncate(join(data, appendOnly), syncedBytes(await readFile(trace, 'utf8'), appendOnly));
    },
  };
}

type Places = Readonly<Record<'data' | 'trace' | 'words', string>> & { readonly port: number };

async function spawnValkey(
  { appendfsync, traced = false, replicaOf }: Order,
  { port, data, trace, words }: Places,
): Promise<ChildProcess> {
  const { command, env } = await findValkey(known, () => undefined);
  const args = [
    ...['--bind', '127.0.0.1', '--port', String(port), '--dir', data, '--save', '', '--logfile', words],
    ...['--appendonly', 'yes', '--appendfsync', appendfsync, '--aof-load-truncated', 'no'],
    ...['--repl-diskless-sync-delay', '0', '--auto-aof-rewrite-percentage', '0'],
    ...(replicaOf === undefined ? [] : ['--replicaof', `127.0.0.1 ${replicaOf}`]),
  ];
  const tracer = traced ? await findStrace(known) : null;
  const [program, first] =
    tracer === null ? [command, []] : [tracer.command, [...tracer.args, trace, command]];
  const child = spawn(program, [...first, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  endWithThis(child);
  return child;
}

/** Whether a process is this child, or the child's own where that traces it. */
async function isOf({ pid }: ChildProcess, process: number): Promise<boolean> {
  if (process === pid) return true;
  const status = await readFile(`/proc/${process}/status`, 'utf8').catch(() => '');
  return Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]) === pid;
}

const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const { pid } of alive) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
});

function endWithThis(child: ChildProcess): void {
  alive.add(child);
  child.once('exit', () => alive.delete(child));
}
