// One call of the function `commit` for many commits of a partition: its keys and arguments, and what came of
// each. The header of `commit.lua` tells their order.

import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import type { Guard, MetaChange, TimerChange } from '../contract/effects.ts';
import type { Codec } from '../contract/envelope.ts';
import type { CommitOutcome, CommitRequest } from '../contract/event-log.ts';
import { Fault } from '../contract/fault.ts';
import { limits } from '../contract/limits.ts';
import { asFault, type Valkey } from '../valkey/connection.ts';
import { callFunction } from '../valkey/functions.ts';
import type { Came } from '../valkey/gather.ts';
import type { Keys } from '../valkey/keys.ts';

type Argument = string | number;

export interface CommitCall<S extends StreamTypes> {
  readonly connection: Valkey;
  readonly keys: Keys;
  readonly definition: StreamDefinition<S>;
  readonly codec: Codec<S>;
}

/** `after`: only where the one before it, which is of the same stream, went through. */
export interface Committing<S extends StreamTypes> {
  readonly request: CommitRequest<S>;
  readonly after: boolean;
}

/** One call as it grows. `places`: of its streams, from 1 on. */
interface Growing<S extends StreamTypes> {
  readonly places: Map<S['id'], number>;
  readonly names: string[];
  readonly args: Argument[];
  commits: number;
  chars: number;
}

/** Commits to streams of one partition, in as many calls as their size asks for. */
export async function callCommit<S extends StreamTypes>(
  call: CommitCall<S>,
  asked: readonly Committing<S>[],
): Promise<Came<CommitOutcome<S>>[]> {
  const calls: Growing<S>[] = [];
  let growing: Growing<S> | null = null;
  for (const one of asked) {
    // What counts only behind another commit is of no use in another call.
    if (growing === null || (growing.chars >= limits.callCharsMax && !one.after)) {
      growing = { places: new Map(), names: [], args: [], commits: 0, chars: 0 };
      calls.push(growing);
    }
    add(call, growing, one);
  }
  const came = await Promise.all(calls.map((one) => send(call, one)));
  return came.flat();
}

function add<S extends StreamTypes>(
  { keys, definition, codec }: CommitCall<S>,
  growing: Growing<S>,
  { request, after }: Committing<S>,
): void {
  const { places, names, args } = growing;
  let place = places.get(request.stream);
  if (place === undefined) {
    const { feed, timers, hints, attempts, timerNames, log, meta, done, tokens } = keys.of(request.stream);
    if (places.size === 0) names.push(feed, timers, hints, attempts, timerNames);
    names.push(log, meta, done, tokens);
    place = places.size + 1;
    places.set(request.stream, place);
  }
  const begin = args.length;
  addArguments(args, request, { place, after, definition, codec });
  growing.commits += 1;
  for (let at = begin; at < args.length; at += 1) {
    growing.chars += limits.argumentChars + String(args[at]).length;
  }
}

/** A call that fails is told to its own commits alone. */
async function send<S extends StreamTypes>(
  { connection, definition }: CommitCall<S>,
  { names, places, args, commits }: Growing<S>,
): Promise<Came<CommitOutcome<S>>[]> {
  const all = [definition.idField, limits.hintsKept, ...places.keys(), ...args];
  try {
    const replies = (await callFunction(connection, 'commit', names, all)) as readonly unknown[];
    return replies.map((reply) => outcomeOf(reply as readonly unknown[], definition));
  } catch (error) {
    return Array.from({ length: commits }, () => ({ error }));
  }
}

interface Placed<S extends StreamTypes> extends Pick<CommitCall<S>, 'definition' | 'codec'> {
  readonly place: number;
  readonly after: boolean;
}

/** Adds the arguments of one commit; most lists of most commits are empty. */
function addArguments<S extends StreamTypes>(
  all: Argument[],
  request: CommitRequest<S>,
  { place, after, definition, codec }: Placed<S>,
): void {
  const { key, note = '', expect, events, effects, count = '', secrets, settles, intent } = request;
  const guards = typeof expect === 'object' && 'guards' in expect ? expect.guards : [];
  const seen = typeof expect === 'object' && 'turn' in expect ? expect : null;
  const owners = secrets === undefined ? [] : Object.entries(secrets);
  const begin = all.length;
  all.push(0, place, events[0]?.traceparent ?? '', key ?? '', note);
  all.push(settles?.group ?? '', settles?.entryId ?? '');
  const rev = after ? undefined : seen?.rev;
  const turn = after ? 'after' : rev === undefined ? 'turn' : 'rev';
  all.push(expect === 'new' ? 'new' : seen === null ? 'guards' : turn, rev ?? seen?.turn ?? '');
  all.push(seen?.epoch ?? '');
  all.push(count, intent?.key ?? '', intent?.content ?? '');
  all.push(guards.length, events.length, effects.meta.length, effects.timers.length, owners.length);
  for (const guard of guards) addGuard(all, guard);
  for (const event of events) {
    all.push(event.type, definition.quiet.has(event.type) ? '1' : '', codec.encode(event));
  }
  for (const change of effects.meta) addMeta(all, change);
  for (const timer of effects.timers) addTimer(all, timer);
  for (const [hash, owner] of owners) all.push(hash, owner ?? '');
  all[begin] = all.length - begin;
}

function addGuard(all: Argument[], guard: Guard): void {
  const { field, else: code } = guard;
  if ('present' in guard) all.push(field, 'present', '', code);
  else if ('equals' in guard) all.push(field, 'equals', guard.equals, code);
  else if ('lessThanField' in guard) all.push(field, 'less', guard.lessThanField, code);
  else all.push(field, 'reached' in guard ? 'reached' : 'passed', '', code);
}

function addMeta(all: Argument[], change: MetaChange): void {
  if ('drop' in change) all.push('drop', change.drop, '');
  else if ('inMs' in change) all.push('in', change.set, change.inMs);
  else if ('rev' in change) all.push('rev', change.set, '');
  else all.push('value', change.set, change.value);
}

function addTimer(all: Argument[], change: TimerChange): void {
  if ('cancel' in change) all.push('cancel', change.cancel, '');
  else if ('at' in change) all.push('at', change.set, change.at);
  else all.push('in', change.set, change.inMs);
}

/** What our own function replied for one commit. */
function outcomeOf<S extends StreamTypes>(
  [status, ...rest]: readonly unknown[],
  { codes }: StreamDefinition<S>,
): Came<CommitOutcome<S>> {
  const [first, at, last] = rest;
  switch (status) {
    case 'ok': {
      const count = last === null || last === undefined ? null : Number(last);
      return { value: { status, rev: Number(first), at: Number(at), count } };
    }
    case 'dup':
      return { value: { status, rev: Number(first), at: Number(at), note: String(last) } };
    case 'conflict':
      return { value: { status, turn: Number(first) } };
    case 'exists':
      return { value: { status: 'refused', code: codes.exists } };
    case 'missing':
      return { value: { status: 'refused', code: codes.missing } };
    case 'refused':
      // The code of the guard that did not hold: one that the request itself named.
      return { value: { status, code: String(first) } };
    case 'unfit':
      return { error: new Fault('unfit_commit', `a commit is refused: ${first}`, { retryable: false }) };
    case 'failed':
      return { error: asFault(new Error(String(first))) };
    default:
      return { error: new Error(`the function commit gave ${JSON.stringify(status)}`) };
  }
}
