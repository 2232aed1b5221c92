// What every index of the memory is asked for, and in which space of vectors. There are two: the exact one,
// and the store's Search.

import type { RoomCode } from '../../core/ids.ts';

/** Vectors of one embedder. Those of two embedders cannot be compared. */
export interface MemorySpace {
  readonly space: string;
  readonly dimensions: number;
}

export interface Query {
  readonly embedding: Float32Array;
  /** Questions of this room alone, or null for those of every room. */
  readonly room: RoomCode | null;
  readonly count: number;
}

/** Finds the ids of the rounds whose questions are nearest, in any order. */
export interface MemoryIndex {
  find(query: Query): Promise<readonly string[]>;
}
