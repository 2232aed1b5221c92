// What keeps a feed small: forgets entries that every group has handled, and consumers that are long gone.
// Any number of processes may do so at once.

import { limits } from '../core/limits.ts';
import { isAway } from '../core/ports.ts';
import { pause } from './backoff.ts';
import { untilReady, type Valkey } from './connection.ts';
import { callFunction } from './functions.ts';
import { consumerInfos, groupInfos } from './group-infos.ts';
import { groups, type PartitionKeys } from './keys.ts';
import type { Report } from './report.ts';

/** Tidies until aborted, every `limits.housekeepingEveryMs`; rejects only for a bug. */
export async function keepHouse(
  connection: Valkey,
  keys: PartitionKeys,
  { signal, report }: { signal: AbortSignal; report: Report },
): Promise<void> {
  while (!signal.aborted) {
    try {
      await pause(limits.housekeepingEveryMs, signal);
      await untilReady(connection, signal);
      await callFunction(connection, 'trim', [keys.feed], [...groups]);
      for (const { name } of await groupInfos(connection, keys.feed)) {
        await dropLongGone(connection, keys, name);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!isAway(error)) throw error;
      report('store_away', { error: String(error) });
    }
  }
}

async function dropLongGone(connection: Valkey, { feed }: PartitionKeys, group: string): Promise<void> {
  for (const { name, idle } of await consumerInfos(connection, feed, group)) {
    if (idle < limits.consumerGoneMs) continue;
    await callFunction(connection, 'drop_consumer', [feed], [group, name]);
  }
}
