// What the pure core asks of the world, in its own words. `streams` implements these on Valkey, tests in
// memory; both pass the same contract suite.

import type { Command, SubmitAnswer } from './commands.ts';
import type { ErrorCode } from './errors.ts';
import type { Author, Envelope, EventType, RecordedEvent } from './events.ts';
import type { Folded } from './evolve.ts';
import type { FaultCode } from './faults.ts';
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

/** An alarm, named after its effect within the room. `at` is a moment, `inMs` counts from the commit. */
export type TimerChange =
  | { readonly set: string; readonly inMs: number }
  | { readonly set: string; readonly at: number }
  | { readonly cancel: string };

export interface Effects {
  readonly meta: readonly MetaChange[];
  readonly timers: readonly TimerChange[];
}

/** The feed entry that a commit acknowledges. */
export interface Settled {
  readonly group: string;
  readonly entryId: string;
}

/**
 * A request that its sender may send again, over whatever connection. The key names what was wanted, where
 * the key of an effect names what came of it: a pause that somebody lifted meanwhile is another effect, but
 * the same intent.
 */
export interface Intent {
  readonly key: string;
  /** Digest of what is asked: the same key with another content is refused. */
  readonly content: string;
}

export interface CommitRequest {
  readonly room: RoomCode;
  /** Names the effect; a second commit under it is DUP, for as long as the room's log lives. */
  readonly key: string | null;
  /** A second commit of it is DUP as well; its content is kept, and given back as the note. */
  readonly intent?: Intent;
  /** Kept with the key, given back with a DUP. */
  readonly note?: string;
  /** `new`: no log may exist. `turn`: nothing but quiet events came since. Otherwise the guards must hold. */
  readonly expect: { readonly turn: number } | { readonly guards: readonly Guard[] } | 'new';
  readonly events: readonly Envelope[];
  readonly effects: Effects;
  /** Counts up one field of meta, for answers. */
  readonly count?: string;
  /** Hashes of secrets to whom they belong; `null` takes one away. */
  readonly secrets?: Readonly<Record<string, string | null>>;
  readonly settles?: Settled;
}

/** The first result of a key: last revision written, moment (ms), and the caller's note. */
export interface Noted {
  readonly rev: number;
  readonly at: number;
  readonly note: string;
}

/**
 * `ok` and `dup` acknowledge the settled entry, `conflict` and `refused` write nothing. `rev` is the last one
 * written (for `ok` without events the room's), `at` the log's clock in ms, `count` the counted field after
 * this commit.
 */
export type CommitOutcome =
  | { readonly status: 'ok'; readonly rev: number; readonly at: number; readonly count: number | null }
  | ({ readonly status: 'dup' } & Noted)
  | { readonly status: 'conflict'; readonly turn: number }
  | { readonly status: 'refused'; readonly code: ErrorCode };

/**
 * The log of every room. Faults (`Fault`): the store is away or the outcome unknown; then the same commit may
 * be sent again under its key. Every method may run twice.
 */
export interface EventLog {
  commit(request: CommitRequest): Promise<CommitOutcome>;
  /**
   * Events after `rev`, oldest first, at most `entriesMax` (default `limits.readPageEntries`). Throws
   * UnreadableEvent.
   */
  read(room: RoomCode, afterRev: number, entriesMax?: number): Promise<readonly RecordedEvent[]>;
  /** What the first commit under a key came to; null where there was none. */
  noted(room: RoomCode, key: string): Promise<Noted | null>;
  /** Newest revision and epoch of a room; null where there is no log. */
  head(room: RoomCode): Promise<{ readonly rev: number; readonly epoch: string } | null>;
  /**
   * The moment now in ms, at the server that keeps a room and never before its last event; for null, at any
   * server.
   */
  now(room: RoomCode | null): Promise<number>;
}

/** Something outside failed; faults.ts has every code. `retryable`: the same call may succeed later. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  readonly retryable: boolean;
  constructor(code: FaultCode, message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable;
  }
}

/** True when the store is out of reach for now: worth waiting for. Whatever else was thrown is not. */
export function isAway(error: unknown): error is Fault {
  return error instanceof Fault && error.code === 'unavailable';
}

/** Who is connected to a room, kept by heartbeats. Moments in ms of the log's clock. */
export interface Presence {
  /** Players in contact within `limits.lastContactMs`, and how long nobody at all has been. */
  look(room: RoomCode): Promise<{ connected: ReadonlySet<PlayerId>; silentMs: number }>;
}

/** What came of a command. `dup` carries what was noted at the first time. */
export type Handled =
  | { readonly status: 'done'; readonly events: readonly RecordedEvent[]; readonly folded: Folded }
  | { readonly status: 'dup'; readonly note: string; readonly folded: Folded }
  | { readonly status: 'nothing'; readonly folded: Folded }
  | { readonly status: 'stale'; readonly folded: Folded }
  | {
      readonly status: 'rejected';
      readonly code: ErrorCode;
      readonly detail: string | null;
      readonly reason?: string;
    };

/** One wake of an agent: a feed entry, and the means to act on it. */
export interface Task {
  readonly room: RoomCode;
  /** Events that the entry points to; empty for an alarm. */
  readonly events: readonly RecordedEvent[];
  /** Name of the alarm that rang, if one did, and when it was due (ms). */
  readonly alarm: { readonly name: string; readonly dueAt: number } | null;
  /** 1 at the first start of a handler for this entry. */
  readonly attempt: number;
  /** Aborted when the entry is no longer ours, or the process stops. */
  readonly signal: AbortSignal;
  /** The room at the head of its log. */
  load(): Promise<Folded>;
  now(): Promise<number>;
  /** Events from `fromRev` to the head, both included. */
  since(fromRev: number): Promise<readonly RecordedEvent[]>;
  /** The one write path. `last`: acknowledge the entry in the same commit. */
  submit(
    makeCommand: (folded: Folded) => Command | Promise<Command>,
    options?: { last?: boolean },
  ): Promise<Handled>;
}

/** An agent, as its consumer sees it. */
export interface Agent {
  readonly group: string;
  /** Types that wake it; every other entry is acknowledged unread. `alarms`: timers wake it too. */
  readonly wakes: ReadonlySet<EventType>;
  readonly alarms: boolean;
  handle(task: Task): Promise<void>;
}

/** Who asks, for the envelope of what comes of it. */
export interface Context {
  readonly by: Author;
  readonly traceparent: string;
  readonly causationId?: string;
  readonly secrets?: CommitRequest['secrets'];
  readonly settles?: Settled;
  readonly intent?: Intent;
}

/** The write path: every player, agent, timer and operator goes through it. Commands of a room queue up. */
export interface Rooms {
  /** The room at the head of its log; `state.phase` is `none` where there is no log. */
  load(room: RoomCode): Promise<Folded>;
  /** Loads, decides, commits; on a conflict decides again, bounded. Throws Fault. */
  handle(
    room: RoomCode,
    makeCommand: (folded: Folded) => Command | Promise<Command>,
    context: Context,
  ): Promise<Handled>;
  /**
   * The fast path of answers: one commit by guards. `note` of a DUP is the first answer; `count` answers so
   * far.
   */
  answer(room: RoomCode, submission: SubmitAnswer, context: Context): Promise<CommitOutcome>;
}

/**
 * Says that something was written to a room: `answers` means nothing but answers. May ring too often, or
 * late.
 */
export type Ring = { readonly room: RoomCode; readonly what: 'events' | 'answers' };

/**
 * Follows the feeds and the answer hints of all rooms until aborted; survives loss of the store by itself and
 * rejects only for a bug, its own or of whoever is told.
 */
export interface Tail {
  follow(onRing: (ring: Ring) => void, signal: AbortSignal): Promise<void>;
}

/** Hashes of secrets (SHA-256, hex) to whom they belong: a player id, or `host`. */
export interface Secrets {
  ownerOf(room: RoomCode, secretHash: string): Promise<string | null>;
}

/** Presence as a server keeps it. */
export interface PresenceBook extends Presence {
  /**
   * Notes contact with these now and gives back everybody in contact. `someone`: a host counts, too; a
   * screen does not.
   */
  touch(
    room: RoomCode,
    players: readonly PlayerId[],
    someone: boolean,
  ): Promise<{ connected: ReadonlySet<PlayerId>; silentMs: number }>;
}
