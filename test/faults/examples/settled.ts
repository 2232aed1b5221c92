// Waits for the end of everything that an example still has to do once all faults are healed.

import { setTimeout as sleep } from 'node:timers/promises';
import { leftOf } from '../raw-log.ts';

const lookMs = 200;

/** Rejects when the signal comes, and says what is left. */
export async function untilDrained(
  url: string,
  kinds: readonly string[],
  signal: AbortSignal,
  unfinished: () => Promise<readonly string[]>,
): Promise<void> {
  for (;;) {
    const left = (await Promise.all(kinds.map((kind) => leftOf(url, kind)))).flat();
    if (left.length === 0) left.push(...(await unfinished()));
    if (left.length === 0) return;
    if (signal.aborted) throw new Error(`not drained: ${left.slice(0, 10).join('; ')}`);
    await sleep(lookMs);
  }
}
