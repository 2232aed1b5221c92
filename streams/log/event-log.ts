// The log of every stream of a kind on Valkey: `commit` is a Function there, reading is XRANGE. Implements
// the port `EventLog`; the log in memory passes the same contract suite.

import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import { createCodec } from '../contract/envelope.ts';
import type { CommitOutcome, EventLog, Look } from '../contract/event-log.ts';
import { limits } from '../contract/limits.ts';
import { fitInOrder, refuseUnfit } from '../contract/unfit.ts';
import { nowOf } from '../valkey/clock.ts';
import { orFault, type Valkey } from '../valkey/connection.ts';
import { callFunction } from '../valkey/functions.ts';
import { gather, one } from '../valkey/gather.ts';
import type { Keys } from '../valkey/keys.ts';
import { type Committing, callCommit } from './commit-call.ts';
import { rawEntryOf } from './hash-chain.ts';
import { callLook, type Looked } from './look-call.ts';

/** What is asked of one partition in one turn of the event loop leaves together. */
interface Gathered<S extends StreamTypes> {
  commit(asked: readonly Committing<S>[]): readonly Promise<CommitOutcome<S>>[];
  look(wanted: readonly Looked<S>[]): readonly Promise<Look<S>>[];
}

export function createEventLog<S extends StreamTypes>(
  connection: Valkey,
  keys: Keys,
  definition: StreamDefinition<S>,
): EventLog<S> {
  const codec = createCodec(definition);
  const call = { connection, keys, definition, codec };
  const partitions = new Map<string, Gathered<S>>();
  /** All that one call touches lies in one slot of a cluster. */
  const gathered = (stream: S['id']): Gathered<S> => {
    const { tag } = keys.partitionOf(stream);
    const known = partitions.get(tag);
    if (known !== undefined) return known;
    const fresh: Gathered<S> = {
      commit: gather(limits.commitsPerCallMax, (asked) => callCommit(call, asked)),
      look: gather(limits.entriesPerCallMax, (looks) => callLook(call, looks)),
    };
    partitions.set(tag, fresh);
    return fresh;
  };

  return {
    commit(request) {
      try {
        refuseUnfit(request);
      } catch (error) {
        return Promise.reject(error);
      }
      return one(gathered(request.stream).commit([{ request, after: false }]));
    },
    commitInOrder(requests) {
      const { fit, unfit } = fitInOrder(requests);
      const [first] = fit;
      const asked = fit.map((request, index) => ({ request, after: index > 0 }));
      const sent = first === undefined ? [] : gathered(first.stream).commit(asked);
      return requests.map(async (_request, index): Promise<CommitOutcome<S>> => {
        if (index === fit.length) throw unfit;
        return (await sent[index]) ?? { status: 'conflict', turn: 0 };
      });
    },
    look: (stream, afterRev) => one(gathered(stream).look([{ stream, afterRev }])),
    async read(stream, afterRev, entriesMax = limits.readPageEntries) {
      // The server gives nil for none at most, where a list is due.
      if (entriesMax === 0) return [];
      const from = `(${afterRev}-0`;
      const entries = await orFault(() =>
        connection.xrange(keys.of(stream).log, from, '+', 'COUNT', entriesMax),
      );
      return entries.map((entry) => codec.decode(rawEntryOf(entry)));
    },
    async firstResult(stream, key) {
      const first = await orFault(() => connection.hget(keys.of(stream).done, key));
      const [, rev, at, note] = /^(\d+)-(\d+)-(.*)$/s.exec(first ?? '') ?? [];
      return note === undefined ? null : { rev: Number(rev), at: Number(at), note };
    },
    async head(stream) {
      const [rev, epoch] = await orFault(() => connection.hmget(keys.of(stream).meta, 'rev', 'epoch'));
      return typeof rev === 'string' && typeof epoch === 'string' ? { rev: Number(rev), epoch } : null;
    },
    async now(stream) {
      // On a cluster each stream has the clock of its own primary, and waits for no other.
      if (stream !== null)
        return Number(await callFunction(connection, 'moment', [keys.of(stream).meta], []));
      return nowOf(connection);
    },
  };
}
