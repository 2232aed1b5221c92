// The processes of an example: gates that take commands, and workers that only work.

import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { type KeptRunning, keepRunning } from '../keep-running.ts';
import type { Given } from '../world.ts';
import type { Bundled } from './bundle.ts';

/**
 * So many that each lives some seconds at three kills a second, which is a few times what a start takes.
 */
const gates = 8;
const workers = 8;
const few = 2;

/** Kinds of processes of every example. */
export const kinds = ['gate', 'worker'] as const;

export interface ExampleProcesses {
  pids(kind: string): readonly number[];
  atWork(kind: string): readonly number[];
  endedByThemselves(): readonly string[];
  stop(): Promise<void>;
}

export function startExample(
  given: Given,
  bundled: Bundled,
  env: Readonly<Record<string, string>>,
  onGate: (gate: ChildProcess) => void,
): ExampleProcesses {
  /** Those that have said that they are ready, in the way of their kind. */
  const up = new WeakSet<ChildProcess>();
  const start = (kind: 'gate' | 'worker') => {
    const said = openSync(join(given.folder, `${kind}.log`), 'a');
    return (place: number): ChildProcess => {
      // No streams of its own to place: it works for others.
      const args = [bundled[kind], given.url, '0', `${kind}-${place}`];
      const child = spawn(process.execPath, args, {
        cwd: given.folder,
        env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env, ...given.environment(kind) },
        stdio: ['ignore', 'pipe', said, ...(kind === 'gate' ? (['ipc'] as const) : [])],
      });
      if (kind === 'gate') onGate(child);
      child.stdout?.once('data', () => up.add(child)).resume();
      return child;
    };
  };
  const kept: Readonly<Record<string, KeptRunning>> = {
    gate: keepRunning(given.few ? few : gates, start('gate')),
    worker: keepRunning(given.few ? few : workers, start('worker')),
  };
  return {
    pids: (kind) => kept[kind]?.pids() ?? [],
    atWork(kind) {
      const ready = kept[kind]?.children().filter((child) => up.has(child)) ?? [];
      const living = new Set(kept[kind]?.pids());
      return ready.flatMap(({ pid }) => (pid !== undefined && living.has(pid) ? [pid] : []));
    },
    endedByThemselves: () =>
      Object.entries(kept).flatMap(([kind, { endedByThemselves }]) =>
        endedByThemselves.map((how) => `a ${kind} ${how}`),
      ),
    async stop() {
      await Promise.all(Object.values(kept).map((one) => one.stop()));
    },
  };
}
