// Rings alarms that are due. Any number of processes may do so at once: taking an alarm and putting its
// pointer into the feed is one step, so there is no leader to elect or to lose.

import { z } from 'zod';
import { limits } from '../core/limits.ts';
import { isAway } from '../core/ports.ts';
import { backoffMs, pause } from './backoff.ts';
import { untilReady, type Valkey } from './connection.ts';
import { callFunction } from './functions.ts';
import type { PartitionKeys } from './keys.ts';

const Reply = z.tuple([z.number(), z.number()]);

/**
 * Rings until aborted; rejects only for a bug. Lateness is at most `limits.timerLookMs` plus a round trip.
 */
export async function ringAlarms(
  connection: Valkey,
  keys: PartitionKeys,
  { signal, chance }: { signal: AbortSignal; chance: () => number },
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await untilReady(connection, signal);
      const reply = await callFunction(connection, 'fire', [keys.timers, keys.feed], [limits.timersFiredMax]);
      const [fired, nextInMs] = Reply.parse(reply);
      failures = 0;
      if (fired === limits.timersFiredMax) continue;
      await pause(nextInMs < 0 ? limits.timerLookMs : Math.min(limits.timerLookMs, nextInMs + 1), signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!isAway(error)) throw error;
      // Whoever reads the feed on the same server reports its loss; here it is enough to come back.
      failures += 1;
      await pause(backoffMs(failures, chance()), signal).catch(() => undefined);
    }
  }
}
