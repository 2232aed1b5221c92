// One call of the function `look` for many streams of a partition.

import type { StreamTypes } from '../contract/definition.ts';
import type { Look } from '../contract/event-log.ts';
import { limits } from '../contract/limits.ts';
import { asFault } from '../valkey/connection.ts';
import { callFunction } from '../valkey/functions.ts';
import type { Came } from '../valkey/gather.ts';
import type { CommitCall } from './commit-call.ts';
import { rawEntryOf } from './hash-chain.ts';

export interface Looked<S extends StreamTypes> {
  readonly stream: S['id'];
  readonly afterRev: number;
}

type Reply = readonly [
  rev: string,
  epoch: string,
  entries: readonly (readonly [string, readonly string[]])[],
];

/** Looks at streams of one partition. */
export async function callLook<S extends StreamTypes>(
  { connection, keys, codec }: Omit<CommitCall<S>, 'definition'>,
  looks: readonly Looked<S>[],
): Promise<Came<Look<S>>[]> {
  const names = looks.flatMap(({ stream }) => {
    const { log, meta } = keys.of(stream);
    return [log, meta];
  });
  const args = [limits.lookEntriesMax, ...looks.map(({ afterRev }) => afterRev)];
  const replies = (await callFunction(connection, 'look', names, args)) as readonly (Reply | [string?])[];
  return replies.map((reply): Came<Look<S>> => {
    const [rev, epoch, entries] = reply;
    if (entries === undefined || epoch === undefined) {
      return rev === undefined ? { value: { head: null, events: [] } } : { error: asFault(new Error(rev)) };
    }
    try {
      const events = entries.map((entry) => codec.decode(rawEntryOf(entry)));
      return { value: { head: { rev: Number(rev), epoch }, events } };
    } catch (error) {
      return { error };
    }
  });
}
