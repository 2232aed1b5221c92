// What keeps a feed small: forgets entries that every group has handled, and consumers that are long gone.
// Any number of processes may do so at once.

import { z } from 'zod';
import { limits } from '../core/limits.ts';
import { isAway } from '../core/ports.ts';
import { pause } from './backoff.ts';
import { asFault, untilReady, type Valkey } from './connection.ts';
import { callFunction } from './functions.ts';
import { groups, type PartitionKeys } from './keys.ts';
import type { Report } from './report.ts';

const Consumers = z.array(z.array(z.union([z.string(), z.number()])));

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
      for (const group of groups) await dropLongGone(connection, keys, group);
    } catch (error) {
      if (signal.aborted) return;
      if (!isAway(error)) throw error;
      report('store_away', { error: String(error) });
    }
  }
}

async function dropLongGone(connection: Valkey, { feed }: PartitionKeys, group: string): Promise<void> {
  const infos = Consumers.parse(await consumersOf(connection, feed, group));
  for (const info of infos) {
    const field = (name: string) => info[info.indexOf(name) + 1];
    if (Number(field('idle')) < limits.consumerGoneMs) continue;
    await callFunction(connection, 'drop_consumer', [feed], [group, String(field('name'))]);
  }
}

async function consumersOf(connection: Valkey, feed: string, group: string): Promise<unknown> {
  try {
    return await connection.xinfo('CONSUMERS', feed, group);
  } catch (error) {
    // A group that nobody has opened yet has no consumers.
    if (/NOGROUP|no such key/i.test(String(error))) return [];
    throw asFault(error);
  }
}
