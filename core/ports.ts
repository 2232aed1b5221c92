// What the pure core asks of the world, in its own words: conditions and effects of a commit, who is
// connected, whom a secret belongs to. The engine takes the first two by their shape.

import type { ErrorCode } from './errors.ts';
import type { PlayerId, RoomCode } from './ids.ts';

/**
 * A condition on one field of a room's meta, looked at inside the commit. Moments are compared with its
 * clock.
 */
export type Guard = { readonly field: string; readonly else: ErrorCode } & (
  | { readonly present: true }
  | { readonly equals: string }
  | { readonly lessThanField: string }
  | { readonly reached: true }
  | { readonly passed: false }
);

/**
 * A change of meta. `inMs` becomes the commit's moment plus so much, `rev` the revision of its last event.
 */
export type MetaChange =
  | { readonly set: string; readonly value: string }
  | { readonly set: string; readonly inMs: number }
  | { readonly set: string; readonly rev: true }
  | { readonly drop: string };

/** A timer, named after its effect within the room. `at` is a moment, `inMs` counts from the commit. */
export type TimerChange =
  | { readonly set: string; readonly inMs: number }
  | { readonly set: string; readonly at: number }
  | { readonly cancel: string };

export interface Effects {
  readonly meta: readonly MetaChange[];
  readonly timers: readonly TimerChange[];
}

/** Who is connected to a room, kept by heartbeats. Moments in ms of the log's clock. */
export interface Presence {
  /** Players in contact within `limits.lastContactMs`, and for how long there was no contact at all. */
  look(room: RoomCode): Promise<{ connected: ReadonlySet<PlayerId>; silentMs: number }>;
}

/** Hashes of secrets (SHA-256, hex) to whom they belong: a player id, or `host`. */
export interface Secrets {
  ownerOf(room: RoomCode, secretHash: string): Promise<string | null>;
}

/** Presence as a server keeps it. */
export interface PresenceBook extends Presence {
  /**
   * Records contact with these now and gives back all in contact. `someone`: a host counts, too; a
   * screen does not.
   */
  touch(
    room: RoomCode,
    players: readonly PlayerId[],
    someone: boolean,
  ): Promise<{ connected: ReadonlySet<PlayerId>; silentMs: number }>;
}
