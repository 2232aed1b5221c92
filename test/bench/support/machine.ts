// What a benchmark ran on and with: numbers of two machines or two commits are not compared.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, type as system, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findValkey } from '../../../server/setup/valkey-binary.ts';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly os: string;
  readonly node: string;
  readonly valkey: string;
  /** Short, with `+` behind it where files differ from it. */
  readonly commit: string;
  readonly date: string;
  /** `real-time` where the run went before all else on the machine, as `chrt` has it. */
  readonly priority?: 'real-time';
}

export async function machine(): Promise<Machine> {
  const { command, env } = await findValkey(join(checkout, '.arena'), () => undefined);
  const version = execFileSync(command, ['--version'], { env: { ...process.env, ...env } });
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e8) / 10,
    os: `${system()} ${release()}`,
    node: process.version,
    valkey: /v=(\S+)/.exec(String(version))?.[1] ?? 'unknown',
    commit: commit(),
    date: new Date().toISOString().slice(0, 10),
    ...(isRealTime(statOfThis()) && { priority: 'real-time' }),
  };
}

function statOfThis(): string {
  try {
    return readFileSync('/proc/self/stat', 'utf8');
  } catch {
    return '';
  }
}

/** By the policy of the scheduler, the 41st field of what Linux tells of a process. */
export function isRealTime(stat: string): boolean {
  const policy = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38];
  return policy === '1' || policy === '2';
}

function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: checkout, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  try {
    // The results that a run writes, and the table made from them, make the code no other one.
    const others = [':!test/bench/results', ':!README.md'];
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', '.', ...others) !== '';
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? '+' : ''}`;
  } catch {
    return 'unknown';
  }
}
