// What is fuzzed: a server in a process of its own on a Valkey of its own, with agents and honest players
// beside it; and what is kept of it while clients misbehave: its rooms, its secrets, its log, its measures.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../server/setup/embedded-valkey.ts';
import { arena, untilOk } from '../support/processes.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';
import type { Witnessed } from './beside.ts';

const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What the server says of itself; bytes, and ms of CPU. */
export interface Gauged {
  readonly heapUsed: number;
  readonly external: number;
  readonly arrayBuffers: number;
  readonly rss: number;
  readonly blockedMs: number;
  readonly cpuMs: number;
}

export interface World {
  readonly http: string;
  readonly port: number;
  readonly valkey: TestValkey;
  readonly isAlive: () => boolean;
  /** Lines of its log that tell a mistake of ours, and whatever was printed that is no line of the log. */
  readonly mistakes: () => readonly string[];
  gauge(): Promise<Gauged>;
  /** How the answers of honest players fared so far. */
  witnessed(): Promise<Witnessed>;
  stop(): Promise<void>;
}

export const deskToken = 'the-token-of-the-desk';

interface Starting {
  /** Loaded into the server before all else. */
  readonly preload?: string;
  /** Without agents and honest players. */
  readonly alone?: boolean;
}

export async function startWorld({ preload, alone = false }: Starting = {}): Promise<World> {
  const [valkey, port] = await Promise.all([startTestValkey(), freePort()]);
  const http = `http://127.0.0.1:${port}`;
  const env = {
    ...{ PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] },
    ...{ VALKEY_URL: valkey.url, PORT: String(port), HOST: '127.0.0.1' },
    ...{ LOG_LEVEL: 'warn', LEAD_MS: '60', INTERMISSION_MS: '60', ARENA_SLOT: 'fuzzed' },
    ...{ TRUSTED_PROXIES: '127.0.0.1', ARENA_OPS_TOKEN: deskToken, FUZZED_HTTP: http },
  };
  const preloads = ['gauge.ts', ...(preload === undefined ? [] : [preload])].map(fileOf);
  const server = fork(arena, ['serve'], {
    env,
    execArgv: ['--enable-source-maps', ...preloads.flatMap((path) => ['--import', path])],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const heard = listenTo(server);
  const beside = alone
    ? null
    : fork(fileOf('beside.ts'), { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  await Promise.race([untilOk(`${http}/${alone ? 'health' : 'ready'}`), ended(server, heard.mistakes)]);
  if (beside !== null) await playing(beside);
  const children = [server, ...(beside === null ? [] : [beside])];
  return {
    http,
    port,
    valkey,
    isAlive: () => !isOver(server),
    mistakes: heard.mistakes,
    gauge: () => heard.gauge(),
    async witnessed() {
      if (beside === null) throw new Error('there are no honest players');
      const told = once(beside, 'message');
      beside.send('end');
      return (await told)[0] as Witnessed;
    },
    async stop() {
      const gone = children.map((child) => (isOver(child) ? null : once(child, 'exit')));
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(gone);
      await valkey.stop();
    },
  };
}

/** Resolves when the honest players are at their game. */
async function playing(beside: ChildProcess): Promise<void> {
  const said: string[] = [];
  beside.stderr?.on('data', (data) => said.push(String(data)));
  beside.send('play');
  await Promise.race([once(beside, 'message'), ended(beside, () => said)]);
}

const isOver = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

/** Rejects when a process ends, with what it said. */
async function ended(child: ChildProcess, said: () => readonly string[]): Promise<never> {
  await once(child, 'exit');
  throw new Error(`a process has ended: ${said().join('\n')}`);
}

/** Lines of warnings that clients cause on purpose say `refused`. */
const isMistake = (line: string): boolean => {
  if (!line.startsWith('{')) return line.trim() !== '';
  const { level, refused } = JSON.parse(line);
  return level >= 40 && refused === undefined;
};

function listenTo(server: ChildProcess) {
  const mistakes: string[] = [];
  let gauged: ((value: Gauged) => void) | null = null;
  const lines = (stream: NodeJS.ReadableStream | null, take: (line: string) => void) => {
    let rest = '';
    stream?.on('data', (data) => {
      const [last = '', ...whole] = (rest + String(data)).split('\n').toReversed();
      rest = last;
      for (const line of whole.toReversed()) take(line);
    });
  };
  lines(server.stderr, (line) => {
    if (isMistake(line) && mistakes.length < 100) mistakes.push(line);
  });
  lines(server.stdout, (line) => {
    if (line.startsWith('gauge ')) gauged?.(JSON.parse(line.slice('gauge '.length)));
  });
  return {
    mistakes: () => mistakes,
    gauge(): Promise<Gauged> {
      const { promise, resolve, reject } = Promise.withResolvers<Gauged>();
      gauged = resolve;
      server.once('exit', () => reject(new Error('the server is gone')));
      if (isOver(server)) reject(new Error('the server is gone'));
      server.kill('SIGUSR2');
      return promise;
    },
  };
}
