// Processes of the arena for end-to-end tests: the server and each agent, started, killed without warning and
// started again by the test itself. None outlives the test: each ends when its channel to the test does.

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The program as it stands in the checkout: for a test that lays something over one of its files. */
export const sources = fileURLToPath(new URL('../../server/cli/arena.ts', import.meta.url));
/** The bundle that `runner/programs.ts` prepared, where tests run; elsewhere the sources. */
export const arena = process.env['ARENA_TEST_PROGRAM'] ?? sources;
const surroundings = {
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
};

/** A verb of `arena` that ran to its end. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a verb to its end, without a terminal. */
export async function runVerb(words: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  const child = spawn(process.execPath, ['--enable-source-maps', arena, ...words], {
    env: { ...surroundings, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    texts.out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    texts.err += String(chunk);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...texts };
}

export interface ArenaProcess {
  readonly name: string;
  readonly pid: number;
  /** False also where it ended by itself. */
  readonly runs: boolean;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  start(): void;
  /** SIGTERM; resolves with the exit code and how long it took in ms. */
  stop(): Promise<{ code: number | null; ms: number }>;
  /** Resolves with the exit code when it is gone, however it ended. */
  ended(): Promise<number | null>;
  readonly output: () => string;
}

export function startProcess(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  program = arena,
): ArenaProcess {
  let child: ChildProcess;
  const output: string[] = [];
  const keep = (chunk: Buffer) => {
    output.push(String(chunk));
    if (output.length > 2_000) output.shift();
  };
  const start = () => {
    child = fork(program, args, {
      env: { ...surroundings, ...env },
      // A test's own process is given more by vitest; the arena's are not.
      execArgv: program === sources ? [] : ['--enable-source-maps'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
  };
  const runs = () => child.exitCode === null && child.signalCode === null;
  const exited = () => {
    const { promise, resolve } = Promise.withResolvers<number | null>();
    if (!runs()) resolve(child.exitCode);
    child.once('exit', (code) => resolve(code));
    return promise;
  };
  start();
  return {
    name,
    get pid() {
      return child.pid ?? 0;
    },
    get runs() {
      return runs();
    },
    start,
    async kill() {
      const gone = exited();
      child.kill('SIGKILL');
      await gone;
    },
    async stop() {
      const startedAt = performance.now();
      const gone = exited();
      child.kill('SIGTERM');
      return { code: await gone, ms: performance.now() - startedAt };
    },
    ended: exited,
    output: () => output.join(''),
  };
}

/** Waits for a URL to answer 200; fails after `ms`: six processes may take half a minute to start. */
export async function untilOk(url: string, ms = 50_000): Promise<void> {
  const deadline = Date.now() + ms;
  for (;;) {
    const reply = await fetch(url).catch(() => null);
    if (reply?.ok === true) return;
    if (Date.now() > deadline) throw new Error(`${url} did not answer 200 within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
