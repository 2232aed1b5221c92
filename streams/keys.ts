// The names of every key, stream and group. On one Valkey they are exactly these; on a cluster every key of a
// partition carries its prefix `{pNN}:`, so that all that one commit touches lies in one slot.

import slotOf from 'cluster-key-slot';
import { agentNames } from '../core/events.ts';
import type { RoomCode } from '../core/ids.ts';

/** Fixed for life: changing it moves rooms to other slots. Divides the 16,384 slots, so crc16 is enough. */
const partitionsMax = 64;

/** The consumer groups of the feed. */
export const groups = [...agentNames, 'projector'] as const;
export type Group = (typeof groups)[number];

/** Keys that all rooms of a partition share. */
export interface PartitionKeys {
  readonly feed: string;
  readonly answers: string;
  readonly timers: string;
  readonly attempts: string;
  readonly dead: string;
  /** Stream: what operators did. */
  readonly operations: string;
  readonly rooms: string;
  /** Written behind commits, so that a replica can be asked for all of them at once. */
  readonly mark: string;
  /** Written to find out whether anything can be written. */
  readonly probe: string;
}

/** Keys of one room, with those of its partition. */
export interface RoomKeys extends PartitionKeys {
  readonly log: string;
  readonly meta: string;
  readonly done: string;
  readonly tokens: string;
  readonly presence: string;
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
  readonly rows: string;
  readonly allTime: string;
  /** `day` as 2026-11-24. */
  readonly day: (day: string) => string;
}

export interface Keys {
  /** One entry on a single Valkey, 64 on a cluster. */
  readonly partitions: readonly PartitionKeys[];
  of(room: RoomCode): RoomKeys;
  /** Hash: measurements of processes, by their name. */
  readonly figures: string;
  /** String: a wish of an operator that may be sent again, by the hash of its key. */
  readonly wish: (keyHash: string) => string;
  /** A random secret that the servers of one store share. */
  readonly pepper: string;
  /** Hash: what models cost on a day, as 2026-11-24. */
  readonly spent: (day: string) => string;
  readonly memory: MemoryKeys;
  readonly boards: BoardKeys;
  /** A document of a room, under its name of the original system. */
  document(room: RoomCode, name: string): string;
}

function partitionKeys(prefix: string): PartitionKeys {
  return {
    feed: `${prefix}game:feed`,
    answers: `${prefix}game:answers`,
    timers: `${prefix}game:timers`,
    attempts: `${prefix}game:attempts`,
    dead: `${prefix}game:dead`,
    operations: `${prefix}game:operations`,
    rooms: `${prefix}game:rooms`,
    mark: `${prefix}game:mark`,
    probe: `${prefix}game:probe`,
  };
}

function boardKeys(prefix: string): BoardKeys {
  return {
    history: (game) => `${prefix}game:history:${game}`,
    revisions: `${prefix}game:boards:revisions`,
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

export function createKeys({ cluster }: { cluster: boolean } = { cluster: false }): Keys {
  const prefixes = cluster
    ? Array.from({ length: partitionsMax }, (_, index) => `{p${String(index).padStart(2, '0')}}:`)
    : [''];
  const partitions = prefixes.map(partitionKeys);
  const indexOf = (room: RoomCode): number => (cluster ? slotOf(room) % partitionsMax : 0);
  const prefixOf = (room: RoomCode): string => prefixes[indexOf(room)] ?? '';
  return {
    partitions,
    spent: (day) => `game:spent:${day}`,
    wish: (keyHash) => `game:wish:${keyHash}`,
    pepper: 'game:pepper',
    figures: cluster ? '{figures}:game:figures' : 'game:figures',
    memory: memoryKeys(cluster ? '{memory}:' : ''),
    boards: boardKeys(cluster ? '{boards}:' : ''),
    of(room) {
      const prefix = prefixOf(room);
      return {
        ...partitionKeys(prefix),
        log: `${prefix}game:events:${room}`,
        meta: `${prefix}game:meta:${room}`,
        done: `${prefix}game:done:${room}`,
        tokens: `${prefix}game:tokens:${room}`,
        presence: `${prefix}game:presence:${room}`,
        docs: `${prefix}game:docs:${room}`,
      };
    },
    document: (room, name) => `${prefixOf(room)}${name}`,
  };
}
