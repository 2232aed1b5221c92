// Pausing a group and letting it go on, each recorded with who did so.

import { game } from '../../core/game.ts';
import { noteOperation, pauseGroup, resumeGroup } from '../../streams/admin.ts';
import type { Operator } from './operator.ts';

type Acting = Pick<Operator, 'by' | 'connection' | 'keys'>;

/** Throws Fault `group_unknown`. May run twice. */
export async function paused(operator: Acting, group: string): Promise<void> {
  const { by, connection, keys } = operator;
  await pauseGroup(connection, keys, { group, by });
  await noteIn(operator, 'pause', group);
}

/** False where it was not paused. May run twice. */
export async function resumed(operator: Acting, group: string): Promise<boolean> {
  const was = await resumeGroup(operator.connection, operator.keys, group);
  if (was) await noteIn(operator, 'resume', group);
  return was;
}

async function noteIn(
  { by, connection, keys }: Acting,
  verb: 'pause' | 'resume',
  group: string,
): Promise<void> {
  const [first] = keys.partitions;
  if (first === undefined) return;
  const where = { operations: first.operations, idField: game.idField };
  await noteOperation(connection, where, { verb, by, stream: '', about: `the group ${group}` });
}
