// Rooms whose games are long over leave the store: each is archived first, read back, and only then
// forgotten.

import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RoomCode } from '../../core/ids.ts';
import { Fault } from '../../core/ports.ts';
import type { State } from '../../core/state.ts';
import { documentsOf, project, summaryOf, unprojected } from '../../projections/projector.ts';
import { callFunction } from '../../streams/functions.ts';
import { noteOf } from '../../streams/operations.ts';
import { exportRoom, readArchive } from './archive.ts';
import type { Operator } from './operator.ts';
import { forEachRoom, type LeftOut, type ListedRoom, roomCodes } from './room-list.ts';
import { readRoom } from './room-log.ts';

/**
 * Writes a room's archive to a file that appears whole or not at all; gives how many events it holds.
 * @throws Fault `archive_unwritable`, `room_unknown`.
 */
export async function archiveRoom(operator: Operator, room: RoomCode, file: string): Promise<number> {
  const lines: string[] = [];
  for await (const line of exportRoom(operator, room)) lines.push(line);
  const work = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(work, `${lines.join('\n')}\n`, { mode: 0o600 });
    const { events } = readArchive(await readFile(work, 'utf8'));
    await rename(work, file);
    return events.length;
  } catch (cause) {
    await rm(work, { force: true });
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    const said = `${file} cannot be written: ${cause.message}`;
    throw new Fault('archive_unwritable', said, { retryable: false, cause });
  }
}

/** Rooms where nothing has happened for so long, and no game runs; and those of which nobody can tell. */
export async function idleRooms(
  operator: Operator,
  idleMs: number,
): Promise<{ idle: ListedRoom[]; leftOut: LeftOut[] }> {
  const { log, rooms } = operator;
  const now = await log.now(null);
  const idle: ListedRoom[] = [];
  const leftOut = await forEachRoom(await roomCodes(operator), async (room) => {
    const folded = await rooms.load(room);
    const { state, at } = folded;
    if (state.phase === 'none' || !isAtRest(state) || now - at < idleMs) return;
    idle.push({ room, ...summaryOf(state, folded) });
  });
  return { idle, leftOut };
}

/** No game runs in it, so nothing will happen by itself. */
export const isAtRest = ({ phase }: State): boolean => phase === 'over' || phase === 'lobby';

/**
 * Archives a room and takes it out of the store; gives the file.
 * @throws Fault `room_moved` when something has happened in it meanwhile: nothing was taken out then.
 */
export async function retireRoom(operator: Operator, room: RoomCode, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${room}.ndjson`);
  const rev = await archiveRoom(operator, room, file);
  const { connection, keys, by } = operator;
  const { meta, rooms, operations, log, done, tokens, presence, docs } = keys.of(room);
  const names = documentsOf(project(unprojected, await readRoom(operator.log, room))).keys();
  const documents = [...names].map((name) => keys.document(room, name));
  const targets = [meta, rooms, operations, log, done, tokens, presence, docs, ...documents];
  const about = `${rev} events, into ${file}`;
  const noted = noteOf({ verb: 'archive', by, room, about });
  const gone = await callFunction(connection, 'retire', targets, [room, rev, ...noted]);
  if (gone === 1) return file;
  await rm(file, { force: true });
  const said = `something happened in room ${room} while it was archived, so it stays`;
  throw new Fault('room_moved', said, { retryable: true });
}
