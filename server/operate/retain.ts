// Rooms whose games are long over leave the store: each is archived first, read back, and only then
// forgotten.

import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordedEvent } from '../../core/events.ts';
import { type Game, game } from '../../core/game.ts';
import type { RoomCode } from '../../core/ids.ts';
import type { State } from '../../core/state.ts';
import { documentsOf, project, summaryOf, unprojected } from '../../projections/projector.ts';
import { createDeleteStream, noteOf } from '../../streams/admin.ts';
import { Fault, isAway } from '../../streams/engine.ts';
import { orFault } from '../../streams/parts.ts';
import { exportRoom, readArchive } from './archive.ts';
import type { Operator } from './operator.ts';
import { forEachRoom, type LeftOut, type ListedRoom, listRooms } from './room-list.ts';
import { readRoom } from './room-log.ts';

/**
 * Writes a room's archive to a file that appears whole or not at all; gives how many events it holds.
 * @throws Fault `archive_unwritable`, `room_unknown`.
 */
export async function archiveRoom(operator: Operator, room: RoomCode, file: string): Promise<number> {
  const work = `${file}.${randomUUID()}.tmp`;
  const events = await writeArchive(operator, room, work);
  try {
    await rename(work, file);
    return events;
  } catch (error) {
    await rm(work, { force: true });
    throw unwritable(file, error);
  }
}

/** The same for a file that no other process knows of; it is on the disk when this comes back, or gone. */
async function writeArchive(operator: Operator, room: RoomCode, work: string): Promise<number> {
  const lines: string[] = [];
  for await (const line of exportRoom(operator, room)) lines.push(line);
  try {
    await writeFile(work, `${lines.join('\n')}\n`, { mode: 0o600, flush: true });
    return readArchive(await readFile(work, 'utf8')).events.length;
  } catch (error) {
    await rm(work, { force: true });
    throw unwritable(work, error);
  }
}

/** What the file system said, as a fault; anything else as it is. */
function unwritable(file: string, cause: unknown): unknown {
  if (!(cause instanceof Error && 'syscall' in cause)) return cause;
  const said = `${file} cannot be written: ${cause.message}`;
  return new Fault('archive_unwritable', said, { retryable: false, cause });
}

/** Rooms where nothing has happened for so long, and no game runs; and those of which it cannot be told. */
export async function idleRooms(
  operator: Operator,
  idleMs: number,
): Promise<{ idle: ListedRoom[]; leftOut: LeftOut[] }> {
  const { log, rooms } = operator;
  const now = await log.now(null);
  const idle: ListedRoom[] = [];
  // A line of the list may be behind its room, never ahead: what is young there need not be read.
  const old = (await listRooms(operator)).filter(({ at }) => !(now - at < idleMs));
  const codes = old.map(({ room }) => room);
  const leftOut = await forEachRoom(codes, async (room) => {
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
 * Archives a room and takes it out of the store; gives the file. Several may do so at once: one does it.
 * @throws Fault `room_moved` when something has happened in it meanwhile, an agent has still to do with it,
 * or another process took it out: nothing was taken out then; `archive_unwritable` when there can be no file.
 */
export async function retireRoom(operator: Operator, room: RoomCode, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw unwritable(folder, error);
  });
  const file = join(folder, `${room}.ndjson`);
  // Under a name of its own until the room is out: another archive of the room, made just now by another
  // process, is neither written over nor deleted. A process that dies in between leaves a whole archive.
  const work = join(folder, `${room}.${randomUUID()}.ndjson`);
  const { rev, keys } = await readyToLeave(operator, room, work).catch(async (error: unknown) => {
    await rm(work, { force: true });
    throw error instanceof Fault && error.code === 'room_unknown' ? moved(room) : error;
  });
  const about = `${rev} events, into ${file}`;
  const note = noteOf(game.idField, { verb: 'archive', by: operator.by, stream: room, about });
  const { rooms } = operator.keys.of(room);
  // Where the store does not say how this ended, the file stays: it may be all that is left.
  const deleteStream = createDeleteStream<Game>(operator.connection, operator.keys, game);
  const outcome = await deleteStream(room, { rev, epoch: null, hashes: [rooms], keys, note });
  if (outcome === 'deleted') {
    await forgetReach(operator, room);
    await rename(work, file).catch((error: unknown) => {
      throw unwritable(`${file}, which is in ${work} now,`, error);
    });
    return file;
  }
  await rm(work, { force: true });
  throw outcome === 'busy' ? busy(room) : moved(room);
}

/** How far a room is remembered is of no use without it; where the memory is away, a line of it stays. */
async function forgetReach({ connection, keys }: Operator, room: RoomCode): Promise<void> {
  await orFault(() => connection.hdel(keys.memory.rooms, room)).catch((error: unknown) => {
    if (!isAway(error)) throw error;
  });
}

const moved = (room: RoomCode): Fault =>
  new Fault('room_moved', `something happened in room ${room} while it was archived, so it was left alone`, {
    retryable: true,
  });

const busy = (room: RoomCode): Fault =>
  new Fault('room_moved', `an agent has still to do with room ${room}, so it was left alone`, {
    retryable: true,
  });

/** Writes the archive; gives its last revision, and the keys that a room has beside those of its stream. */
async function readyToLeave(operator: Operator, room: RoomCode, work: string) {
  const rev = await writeArchive(operator, room, work);
  return { rev, keys: besideTheStream(operator.keys, room, await readRoom(operator.log, room)) };
}

/** Every key that a room of these events has beside those of its stream. */
export function besideTheStream(
  keys: Operator['keys'],
  room: RoomCode,
  events: readonly RecordedEvent[],
): string[] {
  const { presence, docs } = keys.of(room);
  const documents = [...documentsOf(project(unprojected, events)).keys()];
  return [presence, docs, ...documents.map((name) => keys.document(room, name))];
}
