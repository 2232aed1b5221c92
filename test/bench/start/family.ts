// A process with all that came of it, and what they take together, as Linux tells it.

import { execFileSync } from 'node:child_process';
import { processCpuUs, processPssBytes } from '../support/cost.ts';

export interface Member {
  readonly pid: number;
  /** The command line, as `ps` shows it. */
  readonly args: string;
}

interface Row extends Member {
  readonly parent: number;
}

/** The process itself stands first. */
export function familyOf(pid: number): Member[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const rows = table.split('\n').flatMap((line): Row[] => {
    const [, own, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return args === undefined ? [] : [{ pid: Number(own), parent: Number(parent), args }];
  });
  const below = (one: Row): Row[] => [one, ...rows.filter(({ parent }) => parent === one.pid).flatMap(below)];
  return rows.filter((row) => row.pid === pid).flatMap(below);
}

/** What two processes have in common is counted once. */
export const memoryMb = (family: readonly Member[]): number =>
  family.reduce((sum, { pid }) => sum + orGone(() => processPssBytes(pid)), 0) / 1e6;

/** Used so far by those that are there. */
export const cpuMs = (family: readonly Member[]): number =>
  family.reduce((sum, { pid }) => sum + orGone(() => processCpuUs(pid)), 0) / 1_000;

function orGone(look: () => number): number {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return 0;
    throw error;
  }
}
