// The processes of `arena up`: the server, and all agents in one. Each loads its code at once and waits
// with the work for its orders, so that they load while Valkey starts. Imports nothing of ours:
// `start.ts` forks before it loads anything.

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ordersAwaited } from './orders.ts';

/** The bundle that `choose.mjs` found, or null. */
export const keptProgram = process.env['ARENA_PROGRAM'] ?? null;
const file = keptProgram ?? fileURLToPath(new URL('../arena.ts', import.meta.url));
const mapped = keptProgram === null ? [] : ['--enable-source-maps'];
const verbs = { server: 'serve', agents: 'agents' } as const;
export type ProgramName = keyof typeof verbs;

// Loading makes much that is dropped at once, and what V8 took for it (up to 48 MB) stays with a program
// that then does little. The server, which does much, keeps V8's own measure.
const nodeOptions = { server: [], agents: ['--max-semi-space-size=2'] } as const;

const early = new Map<ProgramName, ChildProcess>();

/** Called once, before the work of this process begins; each is then taken by `forkProgram`. */
export function forkEarly(): void {
  for (const name of Object.keys(verbs) as ProgramName[]) {
    // What went wrong is seen by whoever takes it: it has no process id.
    early.set(
      name,
      forkNow(name).on('error', () => undefined),
    );
  }
}

/** One that was forked early, or a new one. Ends when its channel to this process does. */
export function forkProgram(name: ProgramName): ChildProcess {
  const waiting = early.get(name);
  early.delete(name);
  return waiting?.pid === undefined ? forkNow(name) : waiting;
}

function forkNow(name: ProgramName): ChildProcess {
  const env = { ...process.env, [ordersAwaited]: 'yes' };
  const execArgv = [...mapped, ...nodeOptions[name]];
  return fork(file, [verbs[name]], { env, execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}
