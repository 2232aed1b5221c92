// What keeps a feed small: deletes entries that every group has handled, and consumers that are long gone.
// Any number of processes may do so at once.

import { forgetOldCounts } from '../admin/dead-letters.ts';
import { consumerInfos, groupInfos } from '../admin/group-infos.ts';
import { isAway } from '../contract/fault.ts';
import { limits } from '../contract/limits.ts';
import { untilReady, type Valkey } from '../valkey/connection.ts';
import { callFunction } from '../valkey/functions.ts';
import type { PartitionKeys } from '../valkey/keys.ts';
import { repeat } from './repeat.ts';
import type { Report } from './report.ts';

export interface Keeping {
  readonly idField: string;
  /** Groups without which nothing is deleted: they may not have begun yet. */
  readonly groups: readonly string[];
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** Tidies until aborted, every `limits.housekeepingEveryMs`; rejects only for a bug. */
export async function keepHouse(
  connection: Valkey,
  keys: PartitionKeys,
  { idField, groups, signal, report }: Keeping,
): Promise<void> {
  const everyMs = limits.housekeepingEveryMs;
  const turn = (tidy: () => Promise<number | null>) => async () => {
    try {
      await untilReady(connection, signal);
      return await tidy();
    } catch (error) {
      if (signal.aborted) return null;
      if (!isAway(error)) throw error;
      report('store_away', { error: String(error) });
      return everyMs;
    }
  };
  const tidyFeed = turn(async () => {
    await callFunction(connection, 'trim', [keys.feed], [...groups]);
    for (const { name } of await groupInfos(connection, keys.feed)) {
      await dropLongGone(connection, keys, name);
    }
    return everyMs;
  });
  const tidyCounts = turn(async () => ((await forgetOldCounts(connection, keys, idField)) ? everyMs : null));
  await Promise.all([repeat(signal, tidyFeed, { firstMs: everyMs }), repeat(signal, tidyCounts)]);
}

async function dropLongGone(connection: Valkey, { feed }: PartitionKeys, group: string): Promise<void> {
  for (const { name, idle } of await consumerInfos(connection, feed, group)) {
    if (idle < limits.consumerGoneMs) continue;
    await callFunction(connection, 'drop_consumer', [feed], [group, name]);
  }
}
