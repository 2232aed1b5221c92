// What some work cost: its rate, and the CPU it took in this process, in Valkey and in any other process.
// On a busy machine the CPU for each says more than the rate.

import { readFileSync } from 'node:fs';
import type { Valkey } from '../../../streams/parts.ts';

export interface Cost {
  /** Per second. */
  readonly rate: number;
  /** Of this process, in us for each. */
  readonly clientUs: number;
  /** Of Valkey, in us for each. */
  readonly serverUs: number;
}

/** Does `work`, which is `count` pieces of it. */
export async function costOf(commands: Valkey, count: number, work: () => Promise<void>): Promise<Cost> {
  const server = await valkeyCpuUs(commands);
  const cpu = process.cpuUsage();
  const since = performance.now();
  await work();
  const seconds = (performance.now() - since) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const each = (us: number) => Math.round((us / count) * 100) / 100;
  return {
    rate: Math.round(count / seconds),
    clientUs: each(user + system),
    serverUs: each((await valkeyCpuUs(commands)) - server),
  };
}

/** CPU that Valkey has used so far with all its threads, in us. */
export async function valkeyCpuUs(commands: Valkey): Promise<number> {
  const info = await commands.info('cpu');
  const of = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1]);
  return (of('used_cpu_user') + of('used_cpu_sys')) * 1_000_000;
}

// Linux counts in hundredths of a second here, whatever the kernel's own tick is.
const tickUs = 10_000;

/** CPU that another process has used so far with all its threads, in us, to 10 ms. Linux alone. */
export function processCpuUs(pid: number): number {
  return cpuUsIn(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

/** The name of a program stands in brackets and may hold spaces and brackets itself. */
export function cpuUsIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickUs;
}

/** What a process holds alone and its share of what it holds with others, in bytes. Linux alone. */
export function processPssBytes(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1]) * 1_024;
}
