// Lives in processes of their own, which are killed by SIGKILL. A process is bundled once, stands ready
// before its first life, and lives many; one that was killed is replaced at once.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stop as stopBundling } from 'esbuild';
import { bundle } from '../../faults/examples/bundle.ts';
import { keepRunning } from '../../faults/keep-running.ts';
import type { Met, Outside, Sent } from './errands.ts';
import type { Beginning, Life } from './life.ts';
import { quickLimits } from './quick-limits.ts';

export type FromParent =
  | { readonly begin: Beginning }
  | { readonly number: number; readonly send: Sent }
  | { readonly to: number; readonly answer: string }
  | { readonly end: true };

export type FromWorker =
  | { readonly is: 'up' | 'begun' | 'ended' }
  | { readonly replied: number; readonly status: string }
  | { readonly asks: number; readonly met: Met }
  | { readonly asks: number; readonly paid: number; readonly key: string };

export interface Workers {
  begin(place: number, beginning: Beginning, outside: Outside): Promise<Life>;
  stop(): Promise<void>;
}

const source = fileURLToPath(new URL('worker.ts', import.meta.url));

function quickened(text: string, path: string): string {
  if (!path.endsWith('/streams/contract/limits.ts')) return text;
  return Object.entries(quickLimits).reduce((all, [name, ms]) => {
    const line = new RegExp(`^  ${name}: [\\d_]+,$`, 'm');
    if (!line.test(all)) throw new Error(`the engine has no limit ${name}`);
    return all.replace(line, `  ${name}: ${ms},`);
  }, text);
}

export async function startWorkers(url: string, count: number): Promise<Workers> {
  const folder = await mkdtemp(join(tmpdir(), 'arena-histories-'));
  const program = join(folder, 'worker.mjs');
  await bundle(source, program, quickened);
  await stopBundling();
  const up = new WeakMap<ChildProcess, Promise<unknown>>();
  const kept = keepRunning(count, () => {
    const child = spawn(process.execPath, [program, url], {
      env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: folder },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    up.set(child, said(child, 'up'));
    return child;
  });
  return {
    async begin(place, beginning, outside) {
      const child = kept.children()[place];
      if (child === undefined) throw new Error(`there is no process ${place}`);
      await up.get(child);
      return beginIn(child, beginning, outside);
    },
    async stop() {
      await kept.stop();
      await rm(folder, { recursive: true, force: true });
      if (kept.endedByThemselves.length > 0) throw new Error(`a worker ${kept.endedByThemselves.join('; ')}`);
    },
  };
}

/** Resolves when a process says so, or is dead. */
function said(child: ChildProcess, what: 'up' | 'begun' | 'ended'): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const hear = (message: FromWorker) => {
    if ('is' in message && message.is === what) over();
  };
  const over = () => {
    child.off('message', hear).off('exit', over);
    resolve();
  };
  child.on('message', hear).once('exit', over);
  if (isGone(child)) over();
  return promise;
}

const isGone = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

async function beginIn(child: ChildProcess, beginning: Beginning, outside: Outside): Promise<Life> {
  const waiting = new Map<number, (status: string) => void>();
  let last = 0;
  // One that was killed takes nothing more.
  const tell = (told: FromParent) => void child.send(told, () => undefined);
  const hear = async (message: FromWorker) => {
    if ('replied' in message) waiting.get(message.replied)?.(message.status);
    if (!('asks' in message)) return;
    const { asks } = message;
    const answer = 'met' in message ? outside.met(message.met) : outside.paid(message.paid, message.key);
    tell({ to: asks, answer: await answer });
  };
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void gone.then(() => {
    for (const reply of waiting.values()) reply('unknown');
  });
  child.on('message', hear);
  const begun = said(child, 'begun');
  tell({ begin: beginning });
  await begun;
  return {
    async send(sent) {
      last += 1;
      const number = last;
      const { promise, resolve } = Promise.withResolvers<string>();
      waiting.set(number, resolve);
      if (isGone(child)) resolve('unknown');
      else tell({ number, send: sent });
      return promise.finally(() => waiting.delete(number));
    },
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
    async end() {
      const ended = said(child, 'ended');
      tell({ end: true });
      await ended;
      child.off('message', hear);
    },
  };
}
