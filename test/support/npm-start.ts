// `npm start` as a person does it, and the processes that come of it. For tests of how it begins, lives and
// ends.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect } from 'vitest';
import { freePort } from './ports.ts';

// Each look starts a process.
export const lookMs = 200;

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Started {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the milliseconds it took; rejects when the process ends first. */
  ready(): Promise<number>;
  /** Resolves with the exit code when it has ended. */
  readonly ended: Promise<number | null>;
  /** Everything that it started, by process id, with the command line. */
  family(): Map<number, string>;
  signal(signal: 'SIGTERM' | 'SIGKILL'): void;
  /** What a terminal does: everybody in the group is told. */
  pressCtrlC(): void;
}

/** Starts on a folder and a port of the test's own; whatever still runs after it is ended. */
export function useStarts() {
  let dataDir: string;
  let port: number;
  let started: Started[];
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'arena-start-'));
    port = await freePort();
    started = [];
  });
  afterEach(async () => {
    for (const one of started) {
      const family = one.family();
      if (family.size > 0) one.signal('SIGTERM');
      await expect.poll(() => survivors(family), { timeout: 10_000, interval: lookMs }).toEqual([]);
    }
    await rm(dataDir, { recursive: true, force: true });
  });
  return {
    dataDir: () => dataDir,
    port: () => port,
    start(env: Readonly<Record<string, string>> = {}): Started {
      const usual = { ARENA_DATA_DIR: dataDir, PORT: String(port), LEAD_MS: '300', INTERMISSION_MS: '500' };
      const one = npmStart({ ...usual, VALKEY_URL: '', ...env });
      started.push(one);
      return one;
    },
  };
}

/** The next start takes the sources, and bundles them for the one after. */
export const asInFreshCheckout = (): Promise<void> =>
  rm(join(root, '.arena/program/kept.json'), { force: true });

function npmStart(env: Readonly<Record<string, string>>): Started {
  const startedAt = performance.now();
  const child: ChildProcess = spawn('npm', ['start'], {
    cwd: root,
    env: { ...process.env, LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const pid = child.pid ?? 0;
  let stdout = '';
  let stderr = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const readyAt = Promise.withResolvers<number>();
  child.stdout?.on('data', (chunk) => {
    stdout += String(chunk);
    if (stdout.includes('is ready')) readyAt.resolve(performance.now() - startedAt);
  });
  child.stderr?.on('data', (chunk) => {
    stderr += String(chunk);
  });
  // Whoever never asks for readiness does not mind that it never came.
  readyAt.promise.catch(() => undefined);
  ended.then((code) =>
    readyAt.reject(new Error(`npm start ended with ${code} before it was ready: ${stderr}`)),
  );
  return {
    pid,
    stdout: () => stdout,
    stderr: () => stderr,
    ready: () => readyAt.promise,
    ended,
    family: () => descendants(pid),
    signal: (signal) => void process.kill(pid, signal),
    pressCtrlC: () => void process.kill(-pid, 'SIGINT'),
  };
}

/**
 * What this machine takes, in ms, for that without which nobody can come in: npm, and loading the programs up
 * to the server's. A machine that is busy or slow takes twice as long for that as well.
 */
export async function loadingMs(): Promise<number> {
  const env = { ...process.env, NODE_COMPILE_CACHE: `${root}.arena/compile-cache` };
  const run = async (command: string, ...args: string[]) => {
    const child = spawn(command, args, { cwd: root, env, stdio: 'ignore' });
    if ((await new Promise((resolve) => child.once('exit', resolve))) !== 0) throw new Error(args.join(' '));
  };
  const load = (file: string) =>
    run(process.execPath, '--input-type=module', '-e', `await import('${root}${file}'); process.exit();`);
  const since = performance.now();
  await run('npm', '--version');
  await load('server/cli/up/up.ts');
  await load('server/main.ts');
  return performance.now() - since;
}

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly args: string;
}

function processes(): Row[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return table.split('\n').flatMap((line) => {
    const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return args === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
  });
}

function descendants(ancestor: number): Map<number, string> {
  const rows = processes();
  const found = new Map<number, string>();
  const visit = (pid: number): void => {
    for (const row of rows.filter(({ parent }) => parent === pid)) {
      found.set(row.pid, row.args);
      visit(row.pid);
    }
  };
  visit(ancestor);
  return found;
}

/** Those of these processes that still run. */
export function survivors(family: ReadonlyMap<number, string>): string[] {
  const rows = new Map(processes().map(({ pid, args }) => [pid, args]));
  return [...family].filter(([pid, args]) => rows.get(pid) === args).map(([pid, args]) => `${pid} ${args}`);
}
