// Groups of the store for which no process reads: left behind by a renamed agent, or those of a process that
// is not running now. Only a person knows which of the two it is.

import { limits } from '../contract/limits.ts';
import type { Administered } from './administered.ts';
import { consumerInfos, groupInfos } from './group-infos.ts';

/**
 * Their names, without those in `ours`. A consumer that reads is heard of several times within a lease.
 * Throws Fault.
 */
export async function unattendedGroups(
  { commands, keys }: Pick<Administered, 'commands' | 'keys'>,
  ours: ReadonlySet<string>,
): Promise<readonly string[]> {
  const unattended = new Set<string>();
  const attended = new Set<string>();
  for (const { feed } of keys.partitions) {
    for (const { name } of await groupInfos(commands, feed)) {
      if (ours.has(name) || attended.has(name)) continue;
      const consumers = await consumerInfos(commands, feed, name);
      const isAttended = consumers.some(({ idle }) => idle < limits.leaseMs);
      (isAttended ? attended : unattended).add(name);
    }
  }
  return [...unattended].filter((name) => !attended.has(name)).sort();
}
