// Taking one stream out of the store with all that is kept under its id: by its retention, and by operators.

import { z } from 'zod';
import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import { limits } from '../contract/limits.ts';
import type { Valkey } from './connection.ts';
import { callFunction } from './functions.ts';
import type { Keys } from './keys.ts';

const Outcome = z.enum(['ready', 'deleted', 'missing', 'moved', 'busy']);

/**
 * `deleted`: it is gone. `ready`: it could go. `missing`: there is none. `moved`: it has another revision or
 * is in another life. `busy`: a group has still to do with it; without `upTo` also one that is more than
 * `limits.retentionLooksEntries` entries behind.
 */
export type Deletion = z.infer<typeof Outcome>;

/** The stream as the caller knows it, and whose work it may not lose. */
export interface Deleting {
  readonly rev: number;
  /** Null: any life that has this revision. */
  readonly epoch: string | null;
  /** Groups that must be there, although they may not have begun yet. */
  readonly groups?: readonly string[];
  /** A group whose entries do not count. */
  readonly but?: string;
  /** An entry of the feed that all that concerns the stream stands before: groups must have read so far. */
  readonly upTo?: string;
  /** `look` takes nothing; `force` takes it although a group has work with it. `delete` unless said. */
  readonly how?: 'look' | 'delete' | 'force';
  /** Hashes of its partition that have a field of the stream's name. */
  readonly hashes?: readonly string[];
  /** Further keys of its partition that are the stream's alone. */
  readonly keys?: readonly string[];
  /** Field, value, … of an operator's action that is recorded in the same step. */
  readonly note?: readonly (string | number)[];
}

export type DeleteStream<S extends StreamTypes> = (stream: S['id'], deleting: Deleting) => Promise<Deletion>;

/** Takes streams of one kind out, each in one step. May run twice: then it is missing. Throws Fault. */
export function createDeleteStream<S extends StreamTypes>(
  connection: Valkey,
  keys: Keys,
  { idField }: Pick<StreamDefinition<S>, 'idField'>,
): DeleteStream<S> {
  return async (stream, deleting) => {
    const { rev, epoch, groups = [], but = '', upTo = '', how = 'delete', hashes = [], note = [] } = deleting;
    const { log, meta, done, tokens, timers, timerNames, feed, operations } = keys.of(stream);
    const own = [log, meta, done, tokens, timers, timerNames, feed, operations];
    const names = [...own, ...hashes, ...(deleting.keys ?? [])];
    const known = [idField, stream, rev, epoch ?? '', how, but, upTo, limits.retentionLooksEntries];
    const args = [...known, groups.length, ...groups, hashes.length, ...note];
    return Outcome.parse(await callFunction(connection, 'delete_stream', names, args));
  };
}
