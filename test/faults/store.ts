// The Valkey under test, as `npm start` keeps it: everything on disk before it is acknowledged, its file
// made ready before each start, started again when it ends. It is killed, stopped, given a full disk, and
// robbed of what a power cut may take: bytes that were written after the last reply that anybody got.

import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { mkdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, keep } from '../../server/setup/embedded-valkey.ts';
import { findValkey } from '../../server/setup/valkey-binary.ts';
import { readyData } from '../../server/setup/valkey-data.ts';
import type { Line } from './line.ts';
import { keepLiving, type Life } from './lives.ts';
import { openRaw } from './raw-client.ts';

const known = fileURLToPath(new URL('../../.arena', import.meta.url));
const run = promisify(execFile);
const startMsMax = 20_000;
const lookMs = 10;
const waitingMax = 3;
/** How long replies are held back for something to be written that is acknowledged to no one. */
const unansweredMsMax = 1_000;
/** What a file may still grow by while the disk is full: less than a commit. */
const roomBytes = 300;

export interface Store {
  readonly port: number;
  readonly pid: () => number;
  readonly restarts: () => number;
  /** Resolves when the next life answers; true where it was this that ended the one before. */
  kill(): Promise<boolean>;
  /** The same, and its file is cut at a byte by chance; gives how many bytes it lost. */
  cut(line: Line, chance: number): Promise<number>;
  /** Its files take no more for so long; gives how often it ended of that. */
  full(ms: number): Promise<number>;
  stop(): Promise<void>;
}

export async function startStore(folder: string): Promise<Store> {
  const data = join(folder, 'data');
  await mkdir(data, { recursive: true });
  const port = await freePort();
  const order = await orderOf(data, port);
  let full = false;
  let endedOfFull = 0;
  let robs: Robbery | null = null;
  const start = async (): Promise<Life> => {
    await robs?.take();
    robs = null;
    await readyData(folder, port, () => undefined);
    const life = await keep(order);
    if (full) await fillDisk(life.pid, data);
    await untilAnswers(port, life.ended);
    return life;
  };
  const lives = await keepLiving(start, (reason) => {
    if (full && /AOF file/.test(reason)) endedOfFull += 1;
    return full;
  });
  const kill = async () => {
    const next = lives.next();
    const held = killGroup(lives.current().pid);
    await next;
    return held;
  };
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  /**
   * One end at a time: the next one waits for the life after the one before. Where lives begin more slowly
   * than they are to end, an end is left out.
   */
  const inTurn = async <T>(end: () => Promise<T>, leftOut: T): Promise<T> => {
    if (waiting >= waitingMax) return leftOut;
    waiting += 1;
    const next = last.then(end).finally(() => {
      waiting -= 1;
    });
    last = next.catch(() => undefined);
    return next;
  };
  return {
    port,
    pid: () => lives.current().pid,
    restarts: lives.restarts,
    kill: () => inTurn(kill, false),
    cut: (line, chance) =>
      inTurn(async () => {
        const robbery = await planRobbery(line, data, chance);
        robs = robbery;
        await kill();
        return robbery.lost();
      }, 0),
    async full(ms) {
      const before = endedOfFull;
      full = true;
      await fillDisk(lives.current().pid, data);
      await sleep(ms);
      full = false;
      await limitFiles(lives.current().pid, 'unlimited');
      return endedOfFull - before;
    },
    stop: lives.stop,
  };
}

async function orderOf(data: string, port: number) {
  const { command, env } = await findValkey(known, () => undefined);
  const where = ['--bind', '127.0.0.1', '--port', String(port), '--dir', data, '--save', ''];
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--aof-load-truncated', 'no'];
  const memory = ['--maxmemory-policy', 'noeviction', '--auto-aof-rewrite-min-size', '16mb'];
  // A file that may not grow is to fail as on a full disk, without the signal that ends the server.
  const script = 'trap "" XFSZ; exec "$@"';
  return { command: 'sh', args: ['-c', script, 'sh', command, ...where, ...durable, ...memory], env };
}

/** What a power cut takes, when it comes. */
interface Robbery {
  /** Once the server is dead. */
  take(): Promise<void>;
  lost(): number;
}

/**
 * From now on no reply gets through, while commands do. Whatever was answered before is on disk by now,
 * since the answer waited for that: all that the file grows by from here is acknowledged to no one.
 */
async function planRobbery(line: Line, data: string, chance: number): Promise<Robbery> {
  const file = await newestFile(data);
  line.freeze();
  const from = sizeOf(file);
  const late = performance.now() + unansweredMsMax;
  while (sizeOf(file) === from && performance.now() < late) await sleep(lookMs);
  let lost = 0;
  return {
    lost: () => lost,
    async take() {
      line.release();
      // It began another file meanwhile, and would not do so before this one is on disk.
      if ((await newestFile(data)) !== file) return;
      const size = sizeOf(file);
      lost = Math.ceil(chance * Math.max(0, size - from));
      if (lost > 0) await truncate(file, size - lost);
    },
  };
}

/** 0 where a rewrite has taken it away. */
const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** False where there was none left to kill. */
function killGroup(pid: number): boolean {
  try {
    return process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** The file to which it appends now. */
async function newestFile(data: string): Promise<string> {
  const folder = join(data, 'appendonlydir');
  const manifest = await readFile(join(folder, 'appendonly.aof.manifest'), 'utf8');
  const names = [...manifest.matchAll(/^file (\S+) seq \d+ type i\b/gm)].map(([, name]) => name ?? '');
  const newest = names.at(-1);
  if (newest === undefined) throw new Error(`no file to append to in ${manifest}`);
  return join(folder, newest);
}

async function fillDisk(pid: number, data: string): Promise<void> {
  const { size } = statSync(await newestFile(data));
  // The soft limit alone, so that it can be lifted.
  await limitFiles(pid, `${size + roomBytes}:unlimited`);
}

/** A server that has just ended takes no limit. */
async function limitFiles(pid: number, limit: string): Promise<void> {
  await run('prlimit', ['--pid', String(pid), `--fsize=${limit}`]).catch(() => undefined);
}

async function untilAnswers(port: number, ended: Promise<string>): Promise<void> {
  let reason: string | null = null;
  void ended.then((said) => {
    reason = said;
  });
  const late = performance.now() + startMsMax;
  while (performance.now() < late) {
    if (reason !== null) throw new Error(reason);
    const client = await openRaw(port).catch(() => null);
    const said = await client?.ask('PING').catch(() => null);
    client?.close();
    if (said === 'PONG') return;
    await sleep(lookMs);
  }
  throw new Error(`Valkey does not answer within ${startMsMax} ms`);
}
