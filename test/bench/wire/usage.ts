// What a process has used, asked of the process itself: the kernel tells that of another only to 10 ms.

import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ArenaProcess } from '../../support/processes.ts';

/** Flags for Node with which a process answers. */
export const usageTold = `--import ${fileURLToPath(new URL('usage-on-signal.ts', import.meta.url))}`;

const lookMs = 5;
const answerMsMax = 10_000;

/** CPU that it has used so far with all its threads, in us. */
export const cpuUsOf = (child: ArenaProcess): Promise<number> => asked(child, 'SIGUSR2', 'cpuUs');

/** Memory that it holds when it has collected its garbage. A collection is no part of what work costs. */
export const heldBytesOf = (child: ArenaProcess): Promise<number> => asked(child, 'SIGWINCH', 'heldBytes');

async function asked(child: ArenaProcess, signal: NodeJS.Signals, field: string): Promise<number> {
  const told = () => [...child.output().matchAll(/^usage (.*)$/gm)];
  const already = told().length;
  process.kill(child.pid, signal);
  for (const until = performance.now() + answerMsMax; performance.now() < until; await sleep(lookMs)) {
    const last = told()[already]?.[1];
    if (last !== undefined) return Number((JSON.parse(last) as Record<string, number>)[field]);
  }
  throw new Error(`${child.name} does not say what it uses: ${child.output()}`);
}
