// What operators did to rooms, as the desk shows it.

import { game } from '../../core/game.ts';
import { type RecordedOperation, readOperations } from '../../streams/admin.ts';
import type { Operator } from './operator.ts';

/** `room` is empty where it was about no room that is known. */
export type RoomOperation = Omit<RecordedOperation, 'stream'> & { readonly room: string };

/** The latest, the newest first. Throws Fault when the store is away. */
export async function roomOperations(
  { connection, keys }: Pick<Operator, 'connection' | 'keys'>,
  count: number,
): Promise<RoomOperation[]> {
  const all = await readOperations(connection, keys, { idField: game.idField, count });
  return all.map(({ stream, ...operation }) => ({ ...operation, room: stream }));
}
