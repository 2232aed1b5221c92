// The names of every key of the game: those of its stream, and what is kept beside it. On a cluster what
// belongs to a room lies in the room's slot, and what all rooms share in slots of its own.

import { game } from '../../core/game.ts';
import { createKeys, type Keys, type PartitionKeys, type StreamKeys } from '../../streams/parts.ts';

/** Keys of a room's partition. `rooms`: a hash with a line for each room. */
export interface GamePartition extends PartitionKeys {
  readonly rooms: string;
  /** Written to find out whether anything can be written. */
  readonly probe: string;
}

/** Keys of one room, with those of its partition. */
export interface RoomKeys extends GamePartition, StreamKeys {
  readonly presence: string;
  /** Hash: revisions of its documents. */
  readonly docs: string;
}

/** Keys of the memory, which all rooms share: one slot of their own. */
export interface MemoryKeys {
  /** Prefix of the documents; the id of a round follows. */
  readonly question: string;
  /** Hash: how far each room is remembered. */
  readonly rooms: string;
  /** Sorted set of an embedder's space: ids of rounds by the order in which they were remembered. */
  readonly index: (space: string) => string;
  readonly retracted: string;
}

/** Keys of the boards and past games, which all rooms share: one slot of their own. */
export interface BoardKeys {
  readonly history: (game: string) => string;
  readonly revisions: string;
  /** Sorted set: past games by their ids, the oldest first. */
  readonly games: string;
  readonly rows: string;
  readonly allTime: string;
  /** `day` as 2026-11-24. */
  readonly day: (day: string) => string;
}

export interface GameKeys extends Keys {
  readonly partitions: readonly GamePartition[];
  of(room: string): RoomKeys;
  /** Hash: measurements of processes, by their name. */
  readonly figures: string;
  /** String: a wish of an operator that may be sent again, by the hash of its key. */
  readonly wish: (keyHash: string) => string;
  /** A random secret that the servers of one store share. */
  readonly pepper: string;
  /** Sorted set: rooms that were not entered yet, by the moment at which they were made. */
  readonly unentered: string;
  /** Hash: what models cost on a day, as 2026-11-24. */
  readonly spent: (day: string) => string;
  readonly memory: MemoryKeys;
  readonly boards: BoardKeys;
  /** A document of a room, under its name of the original system. */
  document(room: string, name: string): string;
}

export function createGameKeys({ cluster }: { readonly cluster: boolean } = { cluster: false }): GameKeys {
  const keys = createKeys(game, { cluster });
  const withRooms = <P extends PartitionKeys>(partition: P) => ({
    ...partition,
    rooms: `${partition.tag}game:rooms`,
    probe: `${partition.tag}game:probe`,
  });
  return {
    ...keys,
    partitions: keys.partitions.map(withRooms),
    of(room) {
      const of = keys.of(room);
      return {
        ...withRooms(of),
        presence: `${of.tag}game:presence:${room}`,
        docs: `${of.tag}game:docs:${room}`,
      };
    },
    figures: cluster ? '{figures}:game:figures' : 'game:figures',
    wish: (keyHash) => `game:wish:${keyHash}`,
    pepper: 'game:pepper',
    unentered: 'game:unentered',
    spent: (day) => `game:spent:${day}`,
    memory: memoryKeys(cluster ? '{memory}:' : ''),
    boards: boardKeys(cluster ? '{boards}:' : ''),
    document: (room, name) => `${keys.of(room).tag}${name}`,
  };
}

function boardKeys(prefix: string): BoardKeys {
  return {
    history: (game) => `${prefix}game:history:${game}`,
    revisions: `${prefix}game:boards:revisions`,
    games: `${prefix}game:boards:games`,
    rows: `${prefix}game:boards:rows`,
    allTime: `${prefix}game:boards`,
    day: (day) => `${prefix}game:boards:${day}`,
  };
}

function memoryKeys(prefix: string): MemoryKeys {
  return {
    question: `${prefix}memory:question:`,
    rooms: `${prefix}memory:rooms`,
    index: (space) => `${prefix}memory:index:${space}`,
    retracted: `${prefix}memory:retracted`,
  };
}
