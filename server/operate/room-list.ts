// The rooms of a store, as the projector has left a line of each.

import type { RoomCode } from '../../core/ids.ts';
import type { RoomSummary } from '../../projections/projector.ts';
import { Fault, UnreadableEvent } from '../../streams/engine.ts';
import type { Operator } from './operator.ts';

export interface ListedRoom extends RoomSummary {
  readonly room: RoomCode;
}

/** Codes of all rooms, in no order. */
export async function roomCodes({
  connection,
  keys,
}: Pick<Operator, 'connection' | 'keys'>): Promise<RoomCode[]> {
  const names = await Promise.all(keys.partitions.map(({ rooms }) => connection.hkeys(rooms)));
  return names.flat() as RoomCode[];
}

export interface LeftOut {
  readonly room: RoomCode;
  readonly why: string;
}

/** Does something for one room after the other; one that cannot be read, or moves, keeps it from no other. */
export async function forEachRoom(
  rooms: readonly RoomCode[],
  work: (room: RoomCode) => Promise<void>,
): Promise<LeftOut[]> {
  const leftOut: LeftOut[] = [];
  for (const room of rooms) {
    try {
      await work(room);
    } catch (error) {
      if (!isOfOneRoom(error)) throw error;
      leftOut.push({ room, why: error.message });
    }
  }
  return leftOut;
}

const isOfOneRoom = (error: unknown): error is Error =>
  error instanceof UnreadableEvent || (error instanceof Fault && error.code === 'room_moved');

/** All rooms, the one where something happened last first. */
export async function listRooms({
  connection,
  keys,
}: Pick<Operator, 'connection' | 'keys'>): Promise<ListedRoom[]> {
  const lists = await Promise.all(keys.partitions.map(({ rooms }) => connection.hgetall(rooms)));
  const all = lists.flatMap((list) =>
    Object.entries(list).map(([room, line]): ListedRoom => {
      const summary: RoomSummary = JSON.parse(line);
      return { room: room as RoomCode, ...summary };
    }),
  );
  return all.sort((a, b) => b.at - a.at);
}
