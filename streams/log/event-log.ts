// The log of every stream of a kind on Valkey: `commit` is a Function there, reading is XRANGE. Implements
// the port `EventLog`; the log in memory passes the same contract suite.

import { z } from 'zod';
import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import type { Guard, MetaChange, TimerChange } from '../contract/effects.ts';
import { type Codec, createCodec } from '../contract/envelope.ts';
import type { CommitOutcome, CommitRequest, EventLog } from '../contract/event-log.ts';
import { Fault } from '../contract/fault.ts';
import { limits } from '../contract/limits.ts';
import { refuseUnfit } from '../contract/unfit.ts';
import { nowOf } from '../valkey/clock.ts';
import { orFault, type Valkey } from '../valkey/connection.ts';
import { callFunction } from '../valkey/functions.ts';
import type { Keys } from '../valkey/keys.ts';
import { rawEntryOf } from './hash-chain.ts';

type Argument = string | number;

export function createEventLog<S extends StreamTypes>(
  connection: Valkey,
  keys: Keys,
  definition: StreamDefinition<S>,
): EventLog<S> {
  const codec = createCodec(definition);

  return {
    async commit(request) {
      refuseUnfit(request);
      const { log, meta, done, feed, timers, hints, tokens, attempts, timerNames } = keys.of(request.stream);
      const names = [log, meta, done, feed, timers, hints, tokens, attempts, timerNames];
      return readOutcome(
        await callFunction(connection, 'commit', names, argumentsOf(request, definition, codec)),
        definition,
      );
    },
    async read(stream, afterRev, entriesMax = limits.readPageEntries) {
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

function argumentsOf<S extends StreamTypes>(
  request: CommitRequest<S>,
  { idField, quiet }: StreamDefinition<S>,
  codec: Codec<S>,
): Argument[] {
  const { stream, key, note, expect, events, effects, count, secrets, settles, intent } = request;
  const guards = typeof expect === 'object' && 'guards' in expect ? expect.guards : [];
  const seen = typeof expect === 'object' && 'turn' in expect ? expect : null;
  const owners = Object.entries(secrets ?? {});
  return [
    idField,
    stream,
    events[0]?.traceparent ?? '',
    key ?? '',
    note ?? '',
    settles?.group ?? '',
    settles?.entryId ?? '',
    expect === 'new' ? 'new' : seen === null ? 'guards' : 'turn',
    seen?.turn ?? '',
    seen?.epoch ?? '',
    guards.length,
    ...guards.flatMap(guardArguments),
    events.length,
    ...events.flatMap((event) => [event.type, quiet.has(event.type) ? '1' : '', codec.encode(event)]),
    effects.meta.length,
    ...effects.meta.flatMap(metaArguments),
    effects.timers.length,
    ...effects.timers.flatMap(timerArguments),
    count ?? '',
    owners.length,
    ...owners.flatMap(([hash, owner]) => [hash, owner ?? '']),
    limits.hintsKept,
    intent?.key ?? '',
    intent?.content ?? '',
  ];
}

function guardArguments(guard: Guard): Argument[] {
  if ('present' in guard) return [guard.field, 'present', '', guard.else];
  if ('equals' in guard) return [guard.field, 'equals', guard.equals, guard.else];
  if ('lessThanField' in guard) return [guard.field, 'less', guard.lessThanField, guard.else];
  if ('reached' in guard) return [guard.field, 'reached', '', guard.else];
  return [guard.field, 'passed', '', guard.else];
}

function metaArguments(change: MetaChange): Argument[] {
  if ('drop' in change) return ['drop', change.drop, ''];
  if ('inMs' in change) return ['in', change.set, change.inMs];
  if ('rev' in change) return ['rev', change.set, ''];
  return ['value', change.set, change.value];
}

function timerArguments(change: TimerChange): Argument[] {
  if ('cancel' in change) return ['cancel', change.cancel, ''];
  return 'at' in change ? ['at', change.set, change.at] : ['in', change.set, change.inMs];
}

const Outcome = z.union([
  z.tuple([z.literal('ok'), z.number(), z.number(), z.number().nullable()]),
  z.tuple([z.literal('dup'), z.number(), z.number(), z.string()]),
  z.tuple([z.literal('conflict'), z.number()]),
  z.tuple([z.literal('exists')]),
  z.tuple([z.literal('missing')]),
  z.tuple([z.literal('refused'), z.string()]),
  z.tuple([z.literal('unfit'), z.string()]),
]);

function readOutcome<S extends StreamTypes>(
  reply: unknown,
  { codes }: StreamDefinition<S>,
): CommitOutcome<S> {
  const outcome = Outcome.parse(reply);
  switch (outcome[0]) {
    case 'ok':
      return { status: 'ok', rev: outcome[1], at: outcome[2], count: outcome[3] };
    case 'dup':
      return { status: 'dup', rev: outcome[1], at: outcome[2], note: outcome[3] };
    case 'conflict':
      return { status: 'conflict', turn: outcome[1] };
    case 'exists':
      return { status: 'refused', code: codes.exists };
    case 'missing':
      return { status: 'refused', code: codes.missing };
    case 'refused':
      // The code of the guard that did not hold: one that the request itself named.
      return { status: 'refused', code: outcome[1] };
    case 'unfit':
      throw new Fault('unfit_commit', `a commit is refused: ${outcome[1]}`, { retryable: false });
  }
}
