// The Valkey that `arena up` brings along: found or fetched, started on a kept port with a kept password, on
// disk before anything is acknowledged. Connect first, start second, always on the kept port: the port is the
// lock, because two servers on one folder would mix their files.

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { connectOnce, type ValkeyNode } from '../../streams/parts.ts';
import { reasonIn } from './last-words.ts';
import type { Progress } from './private-apt.ts';
import { findValkey } from './valkey-binary.ts';
import { readyData } from './valkey-data.ts';

const Note = z.object({
  port: z.int().positive(),
  password: z.string().min(16),
});
type Note = z.infer<typeof Note>;

const file = 'valkey.json';
const readyWithinMs = 15_000;
const lookWithinMs = 500;
const endWithinMs = 3_000;
const lookMs = 20;
const wordsCharsMax = 2_000;
const keeperFile = fileURLToPath(new URL('./valkey-keeper.sh', import.meta.url));

export interface EmbeddedValkey {
  readonly url: string;
  /** Its group of processes has the same number. */
  readonly pid: number;
  /** Resolves with the reason when the server has ended, for whatever reason. */
  readonly ended: Promise<string>;
  /** Ends it in order; resolves when it is gone. */
  stop(): Promise<void>;
}

/** A start came to nothing; the message says why. */
export class ValkeyEnded extends Error {
  override readonly name = 'ValkeyEnded';
}

/** The URL of the Valkey kept in this folder, running or not; null where there has never been one. */
export async function embeddedUrl(dataDir: string): Promise<string | null> {
  const note = await readNote(dataDir);
  return note === null ? null : urlOf(note);
}

/** True when a Valkey of this folder answers, and has loaded its data. */
export async function isAlive(dataDir: string): Promise<boolean> {
  const url = await embeddedUrl(dataDir);
  return url !== null && (await whoIsThere(url))?.loading === false;
}

/** Ends a Valkey of this folder whose keeper is gone, so that its port is free again. */
export async function endStray(dataDir: string): Promise<void> {
  const url = await embeddedUrl(dataDir);
  if (url === null || (await whoIsThere(url)) === null) return;
  const connection = probe(url, lookWithinMs);
  // Told over its own port and password: a process id of yesterday may be anybody's today.
  await connection.call('SHUTDOWN', 'NOSAVE').catch(() => undefined);
  connection.disconnect();
  while ((await whoIsThere(url)) !== null) await sleep(lookMs);
}

/**
 * Starts the Valkey of this folder. The caller has made sure that none runs. It has `withinMs` to answer, and
 * then as long as it loads what it keeps.
 * @throws NoValkey where there is none to start; AofTrouble where its files cannot be all; ValkeyEnded, which
 * says why, when it does not come up.
 */
export async function startValkey(
  dataDir: string,
  progress: Progress,
  withinMs = readyWithinMs,
): Promise<EmbeddedValkey> {
  await mkdir(join(dataDir, 'data'), { recursive: true, mode: 0o700 });
  const binary = await findValkey(dataDir, progress);
  const note = (await readNote(dataDir)) ?? (await firstNote(dataDir));
  const url = urlOf(note);
  // One that is being ended by its keeper may still have the port for a moment.
  await until(async () => !(await listens(url)), endWithinMs);
  await readyData(dataDir, note.port, progress);
  const server = await keep({ ...binary, args: await serverArguments(dataDir, note) });
  const failure = await failureOf(server, url, withinMs);
  if (failure !== null) {
    await server.stop();
    // What its own advice would cut away may have been acknowledged.
    const ofFiles = /\.aof\b|AOF manifest|loading DB/.test(failure);
    const keep = `Its files are in ${join(dataDir, 'data')}: copy them before you change any.`;
    throw new ValkeyEnded(ofFiles ? `${failure} ${keep}` : failure);
  }
  return { url, ...server };
}

/** Why the server that was just started cannot be used; null once it answers. */
async function failureOf({ pid, ended }: Kept, url: string, withinMs: number): Promise<string | null> {
  const who = await Promise.race([ended, whoComes(url, ended, withinMs)]);
  if (typeof who === 'string') return who;
  const { port } = new URL(url);
  if (who === null) return `valkey-server did not answer on port ${port} within ${withinMs} ms`;
  // Where another has the port, ours ends by itself, and says so. What goes on is a script that started ours.
  return who === pid ? null : Promise.race([ended, sleep(endWithinMs, null, { ref: false })]);
}

/** The password stands in a file: arguments are visible to every user of the machine. */
async function serverArguments(dataDir: string, { port, password }: Note): Promise<string[]> {
  const folder = resolve(dataDir, 'data');
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir "${folder}"`,
    'appendonly yes',
    'appendfsync always',
    // What a crash tore is mended before; a server that cut it by itself would do so inside a commit.
    'aof-load-truncated no',
    'maxmemory-policy noeviction',
    'save ""',
    'daemonize no',
  ];
  const config = resolve(dataDir, 'valkey.conf');
  await writeFile(config, `${lines.join('\n')}\n`, { mode: 0o600 });
  return [config];
}

/** A server to run, and what it needs in its environment. */
export interface Order {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

type Kept = Omit<EmbeddedValkey, 'url'>;

/** Runs the server so that it ends when this process is gone, however that ends. */
export async function keep({ command, args, env }: Order): Promise<Kept> {
  const { LD_LIBRARY_PATH: libraries = '', ...others } = env;
  // A group of its own: a terminal's Ctrl-C reaches it when its turn has come, and a script that started the
  // server is told with it.
  const server = spawn('sh', [keeperFile, libraries, command, ...args], {
    env: { ...process.env, ...others },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const { pid } = server;
  const ended = whenEnded(server);
  if (pid === undefined) throw new Error(await ended);
  return {
    pid,
    ended,
    async stop() {
      signalGroup(pid, 'SIGTERM');
      const late = sleep(endWithinMs, 'late', { ref: false });
      if ((await Promise.race([ended, late])) === 'late') signalGroup(pid, 'SIGKILL');
      await ended;
    },
  };
}

/** Resolves with how it ended and what it said last. */
function whenEnded(server: ChildProcess): Promise<string> {
  const ended = Promise.withResolvers<string>();
  let lastWords = '';
  for (const output of [server.stdout, server.stderr]) {
    output?.on('data', (chunk: Buffer) => {
      lastWords = (lastWords + String(chunk)).slice(-wordsCharsMax);
    });
  }
  server.once('error', ({ message }) => ended.resolve(`the keeper of valkey-server: ${message}`));
  // What waits beside the server is told, so that it ends nothing that has its number next.
  const channel = server.stdio[3] as Writable | null;
  channel?.on('error', () => undefined);
  server.once('exit', () => channel?.end('\n'));
  server.once('close', (code, signal) =>
    ended.resolve(`valkey-server ended (${signal ?? code}) ${reasonIn(lastWords)}`.trim()),
  );
  return ended.promise;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** At once where no server listens. */
const whoIsThere = async (url: string): Promise<Answer | null> =>
  (await listens(url)) ? whoAnswers(url, lookWithinMs) : null;

/** A connection of ours would look ever more seldom, while the whole start waits for it. */
async function whoComes(url: string, ended: Promise<string>, withinMs: number): Promise<number | null> {
  let late = performance.now() + withinMs;
  void ended.then(() => {
    late = 0;
  });
  while (performance.now() < late) {
    const answer = (await listens(url)) ? await whoAnswers(url, withinMs) : null;
    if (answer?.loading === false) return answer.pid;
    // It takes as long as there is data; ended in the middle of it, it would begin anew.
    if (answer?.loading === true && late > 0) late = Number.POSITIVE_INFINITY;
    await sleep(lookMs);
  }
  return null;
}

/** Looks again and again whether it is so, for no longer than `ms`. */
async function until(isSo: () => Promise<boolean>, ms: number): Promise<void> {
  const late = performance.now() + ms;
  while (!(await isSo()) && performance.now() < late) await sleep(lookMs);
}

async function listens(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const probe = createConnection({ host: hostname, port: Number(port) });
  const { promise, resolve: found } = Promise.withResolvers<boolean>();
  probe.once('connect', () => found(true));
  probe.once('error', () => found(false));
  return promise.finally(() => probe.destroy());
}

interface Answer {
  readonly pid: number;
  readonly loading: boolean;
}

/** The process that answers there to our password; null where there is none, or another one does. */
async function whoAnswers(url: string, withinMs: number): Promise<Answer | null> {
  const connection = probe(url, withinMs);
  try {
    const told = await connection.info('server', 'persistence');
    return { pid: Number(/process_id:(\d+)/.exec(told)?.[1]), loading: /^loading:1/m.test(told) };
  } catch {
    return null;
  } finally {
    connection.disconnect();
  }
}

/** For one question, which a server that loads its data is asked, too. */
function probe(url: string, withinMs: number): ValkeyNode {
  const connection = connectOnce(url, 'arena-probe', withinMs);
  connection.on('error', () => undefined);
  return connection;
}

function urlOf({ port, password }: Note): string {
  return `redis://:${password}@127.0.0.1:${port}`;
}

async function readNote(dataDir: string): Promise<Note | null> {
  const text = await readFile(join(dataDir, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : Note.parse(JSON.parse(text));
}

/**
 * Written whole or not at all, and once: of starts that come at the same time the first one says where, since
 * two ports would be two servers on one folder.
 */
async function firstNote(dataDir: string): Promise<Note> {
  const note: Note = { port: await freePort(), password: randomBytes(24).toString('base64url') };
  const target = join(dataDir, file);
  const fresh = `${target}.${note.port}`;
  await writeFile(fresh, `${JSON.stringify(note)}\n`, { mode: 0o600 });
  await link(fresh, target).catch((error: NodeJS.ErrnoException) =>
    // Not every file system has links.
    error.code === 'EEXIST' ? undefined : rename(fresh, target),
  );
  await rm(fresh, { force: true });
  return (await readNote(dataDir)) ?? note;
}

export async function freePort(): Promise<number> {
  const { promise, resolve: found, reject } = Promise.withResolvers<number>();
  const server = createServer().once('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    server.close(() =>
      typeof address === 'object' && address ? found(address.port) : reject(new Error('no port')),
    );
  });
  return promise;
}
