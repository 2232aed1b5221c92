// What consumers have left undone: nothing, once all have done their work.

import { groupInfos } from '../../streams/admin/group-infos.ts';
import type { Valkey } from '../../streams/valkey/connection.ts';

/** Groups with something to do, by kind of stream, and dead letters, in words. */
export async function leftIn(
  commands: Valkey,
  kind: string,
  groups: readonly string[],
): Promise<readonly string[]> {
  const infos = await groupInfos(commands, `${kind}:feed`);
  const busy = infos.filter(({ lag, pending }) => lag + pending > 0);
  const missing = groups.filter((group) => !infos.some(({ name }) => name === group));
  const dead = await commands.xlen(`${kind}:dead`);
  return [
    ...busy.map(({ name, lag, pending }) => `${kind}: ${name} has ${lag} to read and ${pending} in hand`),
    ...missing.map((group) => `${kind}: ${group} has not begun`),
    ...(dead === 0 ? [] : [`${kind}: ${dead} dead letters`]),
  ];
}
