// Rings alarms that are due. Any number of processes may do so at once: taking an alarm and putting its
// pointer into the feed is one step, so there is no leader to elect or to lose.

import { z } from 'zod';
import { limits } from '../core/limits.ts';
import { untilReady, type Valkey } from './connection.ts';
import { callFunction } from './functions.ts';
import { keepTrying } from './keep-trying.ts';
import type { PartitionKeys } from './keys.ts';
import type { Idle } from './line.ts';

const Reply = z.tuple([z.number(), z.number()]);

/**
 * Rings until aborted; rejects only for a bug. Lateness is at most what `idle` waits for, plus a round trip.
 */
export async function ringAlarms(
  connection: Valkey,
  keys: PartitionKeys,
  { idle, signal, chance }: { idle: Idle; signal: AbortSignal; chance: () => number },
): Promise<void> {
  // Whoever reads the feed on the same server reports its loss; here it is enough to come back.
  await keepTrying(
    async (well) => {
      await untilReady(connection, signal);
      const reply = await callFunction(connection, 'fire', [keys.timers, keys.feed], [limits.timersFiredMax]);
      const [fired, nextInMs] = Reply.parse(reply);
      well();
      if (fired < limits.timersFiredMax)
        await idle(nextInMs < 0 ? Number.POSITIVE_INFINITY : nextInMs + 1, signal);
    },
    { signal, chance },
  );
}
