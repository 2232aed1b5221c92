// A group of agents of one's own that is not used any more: as long as it is there, the feed keeps what it
// has not read, for ever.

import { game, groups } from '../../core/game.ts';
import { consumerInfos, noteOperation, removeGroup as removeFromFeeds } from '../../streams/admin.ts';
import { Fault } from '../../streams/engine.ts';
import { engineLimits } from '../../streams/parts.ts';
import type { FaultCode } from './faults.ts';
import { type GroupLook, groupsOf, overall } from './groups.ts';
import type { Operator } from './operator.ts';

/**
 * What would be lost with a group.
 * @throws Fault `group_unknown`; `group_needed` for one that games cannot do without; `group_at_work` while
 * a consumer reads for it.
 */
export async function lookAtRemoved(operator: Operator, group: string): Promise<GroupLook> {
  const refused = (code: FaultCode, said: string) => new Fault(code, said, { retryable: false });
  if ((groups as readonly string[]).includes(group)) {
    throw refused('group_needed', `no game goes on without ${group}`);
  }
  const look = overall(await groupsOf(operator)).find((one) => one.group === group);
  if (look === undefined) throw refused('group_unknown', `there is no group ${group}`);
  const { connection, keys } = operator;
  const consumers = await Promise.all(
    keys.partitions.map(({ feed }) => consumerInfos(connection, feed, group)),
  );
  const alive = consumers.flat().find(({ idle }) => idle < engineLimits.leaseMs);
  if (alive !== undefined) throw refused('group_at_work', `${alive.name} works for ${group}: end it first`);
  return look;
}

/** Destroys a group in every feed, and records who did so. May run twice. */
export async function removeGroup({ connection, keys, by }: Operator, group: string): Promise<void> {
  const about = `the group ${group}`;
  for (const { operations } of await removeFromFeeds({ commands: connection, keys }, group)) {
    const place = { operations, idField: game.idField };
    await noteOperation(connection, place, { verb: 'forget', by, stream: '', about });
  }
}
