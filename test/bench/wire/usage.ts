// What a process has used, asked of the process itself: the kernel tells that of another only to 10 ms.

import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ArenaProcess } from '../../support/processes.ts';

/** Flags for Node with which a process answers. */
export const usageTold = `--import ${fileURLToPath(new URL('usage-on-signal.ts', import.meta.url))}`;

export interface Usage {
  /** CPU in us when it was asked, and when it had collected its garbage. */
  readonly before: number;
  readonly after: number;
  /** Memory without garbage, in bytes. */
  readonly rss: number;
}

const lookMs = 5;
const answerMsMax = 10_000;

export async function usageOf(child: ArenaProcess): Promise<Usage> {
  const told = () => [...child.output().matchAll(/^usage (.*)$/gm)];
  const already = told().length;
  process.kill(child.pid, 'SIGUSR2');
  for (const until = performance.now() + answerMsMax; performance.now() < until; await sleep(lookMs)) {
    const last = told()[already]?.[1];
    if (last !== undefined) return JSON.parse(last) as Usage;
  }
  throw new Error(`${child.name} does not say what it uses: ${child.output()}`);
}
