// The log of every room on Valkey: `commit` is a Function there, reading is XRANGE. Implements the core's
// port `EventLog`; the in-memory log of the tests passes the same contract suite.

import { z } from 'zod';
import { type ErrorCode, errorKinds } from '../core/errors.ts';
import { decodeEvent, encodeEvent, quietTypes } from '../core/events.ts';
import { limits } from '../core/limits.ts';
import type {
  CommitOutcome,
  CommitRequest,
  EventLog,
  Guard,
  MetaChange,
  TimerChange,
} from '../core/ports.ts';
import { orFault, type Valkey } from './connection.ts';
import { callFunction } from './functions.ts';
import type { Keys } from './keys.ts';
import { rawEntryOf } from './raw-entries.ts';
import { nowOf } from './valkey-clock.ts';

type Argument = string | number;

export function createEventLog(connection: Valkey, keys: Keys): EventLog {
  return {
    async commit(request) {
      const of = keys.of(request.room);
      const { log, meta, done, feed, timers, answers, tokens, attempts } = of;
      const names = [log, meta, done, feed, timers, answers, tokens, attempts];
      return readOutcome(await callFunction(connection, 'commit', names, commitArguments(request)));
    },
    async read(room, afterRev, entriesMax = limits.readPageEntries) {
      const from = `(${afterRev}-0`;
      const entries = await orFault(() =>
        connection.xrange(keys.of(room).log, from, '+', 'COUNT', entriesMax),
      );
      return entries.map((entry) => decodeEvent(rawEntryOf(entry)));
    },
    async noted(room, key) {
      const first = await orFault(() => connection.hget(keys.of(room).done, key));
      const [, rev, at, note] = /^(\d+)-(\d+)-(.*)$/s.exec(first ?? '') ?? [];
      return note === undefined ? null : { rev: Number(rev), at: Number(at), note };
    },
    async head(room) {
      const [rev, epoch] = await orFault(() => connection.hmget(keys.of(room).meta, 'rev', 'epoch'));
      return typeof rev === 'string' && typeof epoch === 'string' ? { rev: Number(rev), epoch } : null;
    },
    async now(room) {
      // On a cluster each room has the clock of its own primary, and waits for no other.
      if (room !== null) return Number(await callFunction(connection, 'moment', [keys.of(room).meta], []));
      return nowOf(connection);
    },
  };
}

function commitArguments(request: CommitRequest): Argument[] {
  const { room, key, note, expect, events, effects, count, secrets, settles, intent } = request;
  const guards = typeof expect === 'object' && 'guards' in expect ? expect.guards : [];
  const turn = typeof expect === 'object' && 'turn' in expect ? expect.turn : null;
  const owners = Object.entries(secrets ?? {});
  return [
    room,
    events[0]?.traceparent ?? '',
    key ?? '',
    note ?? '',
    settles?.group ?? '',
    settles?.entryId ?? '',
    expect === 'new' ? 'new' : turn === null ? 'guards' : 'turn',
    turn ?? '',
    guards.length,
    ...guards.flatMap(guardArguments),
    events.length,
    ...events.flatMap((event) => [event.type, quietTypes.has(event.type) ? '1' : '', encodeEvent(event)]),
    effects.meta.length,
    ...effects.meta.flatMap(metaArguments),
    effects.timers.length,
    ...effects.timers.flatMap(timerArguments),
    count ?? '',
    owners.length,
    ...owners.flatMap(([hash, owner]) => [hash, owner ?? '']),
    limits.answerHintsMax,
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
  z.tuple([z.literal('ok'), z.number(), z.number(), z.number()]),
  z.tuple([z.literal('dup'), z.number(), z.number(), z.string()]),
  z.tuple([z.literal('conflict'), z.number()]),
  z.tuple([z.literal('refused'), z.enum(Object.keys(errorKinds) as [ErrorCode, ...ErrorCode[]])]),
]);

function readOutcome(reply: unknown): CommitOutcome {
  const outcome = Outcome.parse(reply);
  switch (outcome[0]) {
    case 'ok':
      return { status: 'ok', rev: outcome[1], at: outcome[2], count: outcome[3] < 0 ? null : outcome[3] };
    case 'dup':
      return { status: 'dup', rev: outcome[1], at: outcome[2], note: outcome[3] };
    case 'conflict':
      return { status: 'conflict', turn: outcome[1] };
    case 'refused':
      return { status: 'refused', code: outcome[1] };
  }
}
