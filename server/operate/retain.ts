// Rooms whose games are long over leave the store: each is archived first, read back, and only then
// forgotten.

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RoomCode } from '../../core/ids.ts';
import type { State } from '../../core/state.ts';
import { documentsOf, project, unprojected } from '../../projections/projector.ts';
import { exportRoom, readArchive } from './archive.ts';
import { note, type Operator } from './operator.ts';
import { readRoom } from './room-log.ts';

/** Writes a room's archive to a file that appears whole or not at all; gives how many events it holds. */
export async function archiveRoom(operator: Operator, room: RoomCode, file: string): Promise<number> {
  const lines: string[] = [];
  for await (const line of exportRoom(operator, room)) lines.push(line);
  const work = `${file}.${process.pid}.tmp`;
  await writeFile(work, `${lines.join('\n')}\n`, { mode: 0o600 });
  const { events } = readArchive(await readFile(work, 'utf8'));
  await rename(work, file);
  return events.length;
}

/** Rooms where nothing has happened for so long, and no game runs. */
export async function idleRooms(
  { log, rooms, connection, keys }: Operator,
  idleMs: number,
): Promise<RoomCode[]> {
  const now = await log.now();
  const names = (
    await Promise.all(keys.partitions.map((of) => connection.hkeys(of.rooms)))
  ).flat() as RoomCode[];
  const idle: RoomCode[] = [];
  for (const room of names) {
    const { state, at } = await rooms.load(room);
    if (isAtRest(state) && now - at >= idleMs) idle.push(room);
  }
  return idle;
}

/** No game runs in it, so nothing will happen by itself. */
export const isAtRest = ({ phase }: State): boolean => phase === 'over' || phase === 'lobby';

/** Archives a room and takes it out of the store. */
export async function sealRoom(operator: Operator, room: RoomCode, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${room}.ndjson`);
  const events = await archiveRoom(operator, room, file);
  const { connection, keys } = operator;
  const of = keys.of(room);
  const documents = [...documentsOf(project(unprojected, await readRoom(operator.log, room))).keys()];
  await connection.hdel(of.rooms, room);
  await connection.unlink(
    of.meta,
    of.log,
    of.done,
    of.tokens,
    of.presence,
    of.docs,
    ...documents.map((name) => keys.document(room, name)),
  );
  await note(operator, { verb: 'archive', room, about: `${events} events, into ${file}` });
  return file;
}
