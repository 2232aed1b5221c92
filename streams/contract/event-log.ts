// The port of the log: what a commit asks for and what comes of it. `streams/log` implements it on Valkey,
// `streams/testing` in memory; both pass one contract suite.

import type { Envelope, StreamTypes } from './definition.ts';
import type { Effects, Guard } from './effects.ts';

/** The feed entry that a commit acknowledges. */
export interface Settled {
  readonly group: string;
  readonly entryId: string;
}

/**
 * A request that its sender may send again, over whatever connection. The key names what was wanted, where
 * the key of an effect names what came of it: a pause that was lifted meanwhile is another effect, but the
 * same intent.
 */
export interface Intent {
  readonly key: string;
  /** Digest of what is asked: the same key with another content is refused. */
  readonly content: string;
}

export interface CommitRequest<S extends StreamTypes = StreamTypes> {
  readonly stream: S['id'];
  /** Names the effect; a second commit under it is DUP, for as long as the stream lives. */
  readonly key: string | null;
  /** A second commit of it is DUP as well; its content is kept, and given back as the note. */
  readonly intent?: Intent;
  /** Kept with the key, given back with a DUP. */
  readonly note?: string;
  /**
   * `new`: no log may exist. `turn`: nothing but quiet events came since, in the life of the stream that
   * `epoch` names, where it is told; with `rev`, nothing at all did. Otherwise the guards must hold.
   */
  readonly expect:
    | { readonly turn: number; readonly epoch?: string | null; readonly rev?: number }
    | { readonly guards: readonly Guard<S['code']>[] }
    | 'new';
  readonly events: readonly Envelope<S>[];
  readonly effects: Effects;
  /** Counts up one field of meta. */
  readonly count?: string;
  /** Hashes of secrets to whom they belong; `null` takes one away. */
  readonly secrets?: Readonly<Record<string, string | null>>;
  readonly settles?: Settled;
}

/** The first result of a key: last revision written, moment (ms), and the caller's note. */
export interface FirstResult {
  readonly rev: number;
  readonly at: number;
  readonly note: string;
}

/**
 * `ok` and `dup` acknowledge the settled entry, `conflict` and `refused` write nothing. `rev` is the last one
 * written (for `ok` without events the stream's), `at` the log's clock in ms, `count` the counted field after
 * this commit.
 */
export type CommitOutcome<S extends StreamTypes = StreamTypes> =
  | { readonly status: 'ok'; readonly rev: number; readonly at: number; readonly count: number | null }
  | ({ readonly status: 'dup' } & FirstResult)
  | { readonly status: 'conflict'; readonly turn: number }
  | { readonly status: 'refused'; readonly code: S['code'] };

/** A stream at one moment. `head` is null where there is no log. */
export interface Look<S extends StreamTypes = StreamTypes> {
  readonly head: { readonly rev: number; readonly epoch: string } | null;
  readonly events: readonly S['event'][];
}

/**
 * The log of every stream of one kind. Faults (`Fault`): the store is away or the outcome unknown; then the
 * same commit may be sent again under its key. Every method may run twice.
 */
export interface EventLog<S extends StreamTypes = StreamTypes> {
  /** For the compiler alone, which infers `S` from it; never there. */
  readonly types?: S;
  commit(request: CommitRequest<S>): Promise<CommitOutcome<S>>;
  /**
   * Commits to one stream, in one step as far as others see it: each is decided by what the one before it
   * leaves, and conflicts where that one did not go through, with turn 0 and also under a key that is known.
   * All but the first expect a turn alone. At most `limits.commitsPerCallMax`. Never throws: what fails is
   * rejected, one by one.
   */
  commitInOrder(requests: readonly CommitRequest<S>[]): readonly Promise<CommitOutcome<S>>[];
  /**
   * Where a stream stands, and its first events after `rev`, at most `limits.lookEntriesMax`, as of one
   * moment; those asked in one turn of the event loop are asked together. Throws UnreadableEvent.
   */
  look(stream: S['id'], afterRev: number): Promise<Look<S>>;
  /**
   * Events after `rev`, oldest first, at most `entriesMax` (default `limits.readPageEntries`). Throws
   * UnreadableEvent.
   */
  read(stream: S['id'], afterRev: number, entriesMax?: number): Promise<readonly S['event'][]>;
  /** What the first commit under a key came to; null where there was none. */
  firstResult(stream: S['id'], key: string): Promise<FirstResult | null>;
  /** Newest revision and epoch of a stream; null where there is no log. */
  head(stream: S['id']): Promise<{ readonly rev: number; readonly epoch: string } | null>;
  /**
   * The moment now in ms, at the server that keeps a stream and never before its last event; for null, at any
   * server.
   */
  now(stream: S['id'] | null): Promise<number>;
}
