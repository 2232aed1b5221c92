// A group that is used no more: one that was renamed, or whose agent was taken out of the program. As long as
// it is there the feed keeps what it has not handled, and streams that ended stay.

import { orFault } from '../valkey/connection.ts';
import type { PartitionKeys } from '../valkey/keys.ts';
import type { Administered } from './administered.ts';

/**
 * Removes a group from every feed, with what was known of it: what it has not handled is lost to it, the
 * streams stay. First end the processes that read for it: one that goes on makes it again and handles
 * everything that the feed still has. May run twice, so that a part of a cluster that was away is done, too.
 * @returns the partitions where it was. Throws Fault.
 */
export async function removeGroup(
  { commands, keys }: Pick<Administered, 'commands' | 'keys'>,
  group: string,
): Promise<readonly PartitionKeys[]> {
  const removed: PartitionKeys[] = [];
  for (const partition of keys.partitions) {
    const { feed, paused } = partition;
    await orFault(() => commands.hdel(paused, group));
    if ((await orFault(() => commands.exists(feed))) === 0) continue;
    if ((await orFault(() => commands.xgroup('DESTROY', feed, group))) === 1) removed.push(partition);
  }
  // So that its name is free for other work.
  await orFault(() => commands.hdel(keys.kind, `group:${group}`));
  return removed;
}
