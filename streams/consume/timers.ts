// Fires timers that are due. Any number of processes may do so at once: taking a timer and putting its
// pointer into the feed is one step, so there is no leader to elect or to lose.

import { z } from 'zod';
import { limits } from '../contract/limits.ts';
import { untilReady, type Valkey } from '../valkey/connection.ts';
import { callFunction } from '../valkey/functions.ts';
import type { PartitionKeys } from '../valkey/keys.ts';
import type { Idle } from '../valkey/stream-reader.ts';
import { keepTrying } from './keep-trying.ts';

export interface Firing {
  /** The name under which entries of the feed tell their stream. */
  readonly idField: string;
  readonly idle: Idle;
  readonly signal: AbortSignal;
  /** 0..1: spreads the tries after a loss. */
  readonly chance: () => number;
}

const Reply = z.tuple([z.number(), z.number()]);

/**
 * Fires until aborted; rejects only for a bug. Lateness is at most what `idle` waits for, plus one reply.
 */
export async function fireTimers(
  connection: Valkey,
  keys: PartitionKeys,
  { idField, idle, signal, chance }: Firing,
): Promise<void> {
  // The readers of the feed on the same server report its loss; here it is enough to come back.
  await keepTrying(
    async (well) => {
      await untilReady(connection, signal);
      const args = [limits.timersFiredMax, idField];
      const reply = await callFunction(connection, 'fire', [keys.timers, keys.feed, keys.timerNames], args);
      const [fired, nextInMs] = Reply.parse(reply);
      well();
      if (fired < limits.timersFiredMax)
        await idle(nextInMs < 0 ? Number.POSITIVE_INFINITY : nextInMs + 1, signal);
    },
    { signal, chance },
  );
}
