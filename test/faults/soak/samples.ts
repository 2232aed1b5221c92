// Looks every few seconds at what each process of a stack holds and at what its Valkey holds, from outside:
// the processes are those of `npm start`, and nothing of them is changed for it.

import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Valkey } from '../../../streams/parts.ts';
import type { Member } from '../../bench/start/family.ts';
import type { Point } from './flat.ts';

const everyMs = 5_000;

export type Series = ReadonlyMap<string, readonly Point[]>;

export interface Sampling {
  readonly series: Series;
  /** Processes that were not there before, or are not there any more. */
  readonly changes: readonly string[];
}

interface Sampled {
  readonly family: () => readonly Member[];
  readonly commands: Valkey;
  readonly signal: AbortSignal;
}

/** What a process is called in a report. */
export function nameOf({ args }: Member): string {
  if (/valkey-server [\d.]+:/.test(args)) return 'valkey-server';
  if (/valkey-keeper/.test(args)) return 'keeper of Valkey';
  if (/keep-program/.test(args)) return 'bundler';
  if (/ serve\b/.test(args)) return 'server';
  if (/ agents\b/.test(args)) return 'agents';
  return /choose\.mjs|start\.ts| up\b/.test(args) ? 'supervisor' : 'npm';
}

/** Bundles the program once, a minute after a start, and ends. */
const passing = new Set(['bundler']);

/** Until the signal. */
export async function sample({ family, commands, signal }: Sampled): Promise<Sampling> {
  const series = new Map<string, Point[]>();
  const changes: string[] = [];
  const began = performance.now();
  const add = (name: string, value: number) => {
    const points = series.get(name) ?? [];
    series.set(name, points);
    points.push({ minute: (performance.now() - began) / 60_000, value });
  };
  let known = new Map(family().map((member) => [member.pid, nameOf(member)]));
  while (!signal.aborted) {
    const members = family().filter((member) => !passing.has(nameOf(member)));
    const now = new Map(members.map((member) => [member.pid, nameOf(member)]));
    for (const [pid, name] of known) if (!now.has(pid) && !passing.has(name)) changes.push(`${name} ended`);
    for (const [pid, name] of now) if (!known.has(pid)) changes.push(`${name} began`);
    known = now;
    for (const [pid, name] of now) {
      const bytes = rssBytes(pid);
      if (bytes !== null) add(`${name}, resident`, bytes);
    }
    const info = await commands.info('memory');
    add('Valkey, used_memory', Number(/^used_memory:(\d+)/m.exec(info)?.[1]));
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
  return { series, changes };
}

/** Null where it is gone. */
function rssBytes(pid: number): number | null {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1_024;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

const collectWithinMs = 20_000;

/** What each Node process of the family still holds in its heap once its garbage is collected, by name. */
export async function heapsOf(family: readonly Member[], folder: string): Promise<Map<string, number>> {
  const heaps = new Map<string, number>();
  for (const member of family) {
    const file = join(folder, `${member.pid}.json`);
    if (!existsSync(file) || passing.has(nameOf(member))) continue;
    await rm(file);
    process.kill(member.pid, 'SIGUSR2');
    const late = performance.now() + collectWithinMs;
    while (!(existsSync(file) && readFileSync(file, 'utf8').endsWith('}'))) {
      if (performance.now() > late) throw new Error(`${nameOf(member)} does not say what it holds`);
      await sleep(20);
    }
    const { heapUsed, external } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
    heaps.set(nameOf(member), (heapUsed ?? 0) + (external ?? 0));
  }
  return heaps;
}
