// The processes of the game as in production: two servers, and each agent in a process of its own, from one
// bundle, so that a start is cheap. One that ends is started again at once; the runner kills what it likes.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { keepRunning } from '../../keep-running.ts';

const checkout = fileURLToPath(new URL('../../../..', import.meta.url));

/** Bundles the program as `npm start` does; gives the file that is run. */
export async function bundleProgram(): Promise<string> {
  const child = fork(join(checkout, 'server', 'setup', 'keep-program.ts'), { stdio: 'ignore', execArgv: [] });
  await once(child, 'exit');
  const home = join(checkout, '.arena', 'program');
  const { folder } = JSON.parse(await readFile(join(home, 'kept.json'), 'utf8')) as { folder: string };
  return join(home, folder, 'cli', 'arena.mjs');
}

export interface Plan {
  readonly name: string;
  readonly kind: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Troupe {
  pids(kind: string): readonly number[];
  /** What no process should do: end by itself, or say that it met a bug. */
  oddities(): readonly string[];
  stop(): Promise<void>;
}

/** Ends by the runner's hand; everything else is a process's own doing. */
const byHand: ReadonlySet<string> = new Set(['SIGKILL', 'SIGTERM']);

export function startTroupe(program: string, plans: readonly Plan[], folder: string): Troupe {
  const said: string[] = [];
  const logs: WriteStream[] = [];
  const kept = plans.map(({ name, kind, args, env }) => {
    const log = createWriteStream(join(folder, `${name}.log`), { flags: 'a' });
    logs.push(log);
    const running = keepRunning(1, () => {
      const child = fork(program, args, {
        env: { PATH: process.env['PATH'], ...env },
        execArgv: [],
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      child.once('exit', (_code, signal) => {
        if (signal !== null && !byHand.has(signal)) said.push(`${name} ended with ${signal}`);
      });
      listen(child, name, log, said);
      return child;
    });
    return { name, kind, running };
  });
  return {
    pids: (kind) => kept.filter((one) => one.kind === kind).flatMap(({ running }) => running.pids()),
    oddities: () => [
      ...kept.flatMap(({ name, running }) => running.endedByThemselves.map((why) => `${name} ${why}`)),
      ...said,
    ],
    async stop() {
      await Promise.all(kept.map(({ running }) => running.stop()));
      for (const log of logs) log.end();
    },
  };
}

function listen(child: ChildProcess, name: string, log: WriteStream, said: string[]): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      if (isBug(line)) said.push(`${name}: ${line.slice(0, 600)}`);
    });
  }
}

/** A line of the log at the level of an error, or one that is no line of the log: a stack. */
function isBug(line: string): boolean {
  if (!line.startsWith('{')) return /\b\w*Error\b/.test(line);
  try {
    return ((JSON.parse(line) as { level?: number }).level ?? 0) >= 50;
  } catch {
    // Cut off by the end of its process.
    return false;
  }
}
