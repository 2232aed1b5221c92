// The log in memory: the same port, the same order of checks, on a clock that the test holds. Proves, by the
// contract suite, that the port says all there is to know of the real one.

import type { Envelope, StreamDefinition, StreamTypes } from '../contract/definition.ts';
import type { Guard } from '../contract/effects.ts';
import type { CommitOutcome, CommitRequest, EventLog, FirstResult, Look } from '../contract/event-log.ts';
import { limits } from '../contract/limits.ts';
import { countIn, refuseUnfit } from '../contract/unfit.ts';
import type { Pointed, Pointer } from '../log/feed-entry.ts';
import { type Clock, createClock } from './clock.ts';
import { inOrder } from './in-order.ts';

interface Stored<S extends StreamTypes> {
  readonly events: S['event'][];
  readonly meta: Map<string, string>;
  readonly secrets: Map<string, string>;
  readonly done: Map<string, FirstResult>;
  turn: number;
  at: number;
}

export interface MemoryLog<S extends StreamTypes> extends EventLog<S> {
  /** One for each commit with an event that is not quiet, and for each timer that fired. */
  readonly feed: Pointer<S>[];
  /** Due moments by `<stream>|<name>`. */
  readonly timers: Map<string, number>;
  /** The next entries of the feed for a group, as its one consumer is given them; all of them unless said. */
  take(group: string, countMax?: number): readonly Pointer<S>[];
  /** Whether the group was given an entry and has not acknowledged it. */
  isPending(group: string, entryId: string): boolean;
  /** Acknowledges entries that the group was given; others stay as they are. */
  ack(group: string, entryIds: readonly string[]): void;
  /** Hashes of secrets, with whom they belong to. */
  secrets(stream: S['id']): ReadonlyMap<string, string>;
  meta(stream: S['id']): ReadonlyMap<string, string>;
  /** Ids of the streams that there are, the oldest first. */
  streams(): readonly S['id'][];
  /** Its moment now; the test moves it. */
  readonly clock: Clock;
  /** Puts timers that are due into the feed, the one that was due first before the others. */
  fireTimers(): void;
}

/** A log in memory, on a clock of its own unless one is given. */
export function createMemoryLog<S extends StreamTypes>(
  definition: StreamDefinition<S>,
  clock: Clock = createClock(),
): MemoryLog<S> {
  const streams = new Map<S['id'], Stored<S>>();
  const feed: Pointer<S>[] = [];

  const log: MemoryLog<S> = {
    feed,
    timers: new Map(),
    ...createGroups(feed),
    clock,
    streams: () => [...streams].flatMap(([id, stored]) => (isThere(stored) ? [id] : [])),
    fireTimers: () => fireTimers(log, definition),
    secrets: (stream) => streams.get(stream)?.secrets ?? new Map(),
    meta: (stream) => streams.get(stream)?.meta ?? new Map(),
    commit: async (request) => commit(request),
    commitInOrder: (requests) => inOrder(requests, log.commit),
    read: async (stream, afterRev, entriesMax = limits.readPageEntries) =>
      (streams.get(stream)?.events ?? []).slice(afterRev, afterRev + entriesMax),
    async look(stream, afterRev) {
      const head = await log.head(stream);
      return { head, events: head === null ? [] : await log.read(stream, afterRev, limits.lookEntriesMax) };
    },
    firstResult: async (stream, key) => streams.get(stream)?.done.get(key) ?? null,
    head: async (stream) => headOf(streams.get(stream)),
    now: async (stream) => Math.max(clock.now, stream === null ? 0 : (streams.get(stream)?.at ?? 0)),
  };

  function commit(request: CommitRequest<S>): CommitOutcome<S> {
    const { stream, key, intent, expect } = request;
    refuseUnfit(request);
    const stored = streams.get(stream);
    const first = stored?.done.get(key ?? '') ?? stored?.done.get(intent?.key ?? '');
    if (first !== undefined) {
      settle(request);
      return { status: 'dup', ...first };
    }
    const now = Math.max(clock.now, stored?.at ?? 0);
    if (expect === 'new') {
      if (isThere(stored)) return { status: 'refused', code: definition.codes.exists };
      const own = stored ?? blank<S>();
      streams.set(stream, own);
      return write(request, own, now);
    }
    if (!isThere(stored)) return { status: 'refused', code: definition.codes.missing };
    if ('turn' in expect && !isSeen(expect, stored)) return { status: 'conflict', turn: stored.turn };
    const refusal = 'guards' in expect ? refusalOf(expect.guards, stored.meta, now) : null;
    return refusal === null ? write(request, stored, now) : { status: 'refused', code: refusal };
  }

  function write(request: CommitRequest<S>, stored: Stored<S>, now: number): CommitOutcome<S> {
    const { stream, key, note = '', intent, events, count } = request;
    const counted = count === undefined ? null : countIn(stream, count, stored.meta.get(count) ?? '0') + 1;
    append(log, definition, stored, { stream, events, now });
    const rev = stored.events.length;
    change(log, stored, request, now);
    if (count !== undefined) stored.meta.set(count, String(counted));
    if (key !== null) stored.done.set(key, { rev, at: now, note });
    if (intent !== undefined) stored.done.set(intent.key, { rev, at: now, note: intent.content });
    settle(request);
    return { status: 'ok', rev, at: now, count: counted };
  }

  function settle({ settles }: CommitRequest<S>): void {
    if (settles !== undefined) log.ack(settles.group, [settles.entryId]);
  }

  return log;
}

const blank = <S extends StreamTypes>(): Stored<S> => ({
  events: [],
  meta: new Map(),
  secrets: new Map(),
  done: new Map(),
  turn: 0,
  at: 0,
});

/** A key or a field may be kept of a stream before its first event; with that it begins. */
const isThere = <S extends StreamTypes>(stored: Stored<S> | undefined): stored is Stored<S> =>
  stored !== undefined && stored.events.length > 0;

/** What groups were given of a feed, and have not acknowledged. */
function createGroups<S extends StreamTypes>(
  feed: readonly Pointer<S>[],
): Pick<MemoryLog<S>, 'take' | 'isPending' | 'ack'> {
  const groups = new Map<string, { given: number; readonly pending: Set<string> }>();
  const of = (group: string) => {
    const found = groups.get(group) ?? { given: 0, pending: new Set<string>() };
    groups.set(group, found);
    return found;
  };
  return {
    take(group, countMax = Number.POSITIVE_INFINITY) {
      const known = of(group);
      const entries = feed.slice(known.given, known.given + countMax);
      known.given += entries.length;
      for (const { id } of entries) known.pending.add(id);
      return entries;
    },
    isPending: (group, id) => of(group).pending.has(id),
    ack(group, ids) {
      for (const id of ids) of(group).pending.delete(id);
    },
  };
}

function headOf<S extends StreamTypes>(stored: Stored<S> | undefined): Look<S>['head'] {
  const epoch = stored?.meta.get('epoch');
  return !isThere(stored) || epoch === undefined ? null : { rev: stored.events.length, epoch };
}

/** Writes events, and tells the feed of those that are not quiet. */
function append<S extends StreamTypes>(
  { feed }: MemoryLog<S>,
  { quiet }: StreamDefinition<S>,
  stored: Stored<S>,
  { stream, events, now }: { stream: S['id']; events: readonly Envelope<S>[]; now: number },
): void {
  const told: S['event'][] = [];
  for (const event of events) {
    const recorded = { ...event, rev: stored.events.length + 1, at: now } as S['event'];
    stored.events.push(recorded);
    if (quiet.has(recorded.type)) continue;
    stored.turn = recorded.rev;
    told.push(recorded);
  }
  if (events.length > 0) stored.at = now;
  const [first] = told;
  const last = told.at(-1);
  if (first === undefined || last === undefined) return;
  const types = told.map(({ type }) => type);
  const traceparent = events[0]?.traceparent ?? '';
  tell(feed, stream, { kind: 'events', first: first.rev, last: last.rev, types, traceparent });
}

function tell<S extends StreamTypes>(feed: Pointer<S>[], stream: S['id'], what: Pointed): void {
  feed.push({ id: `${feed.length + 1}-0`, stream, requeues: 0, requeued: null, what });
}

function fireTimers<S extends StreamTypes>(
  { timers, feed, clock }: MemoryLog<S>,
  { parseId }: StreamDefinition<S>,
): void {
  const due = [...timers]
    .filter(([, at]) => at <= clock.now)
    .sort(([a, x], [b, y]) => x - y || Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const [key, dueAt] of due) {
    timers.delete(key);
    const [id = '', ...rest] = key.split('|');
    const stream = parseId(id);
    if (stream !== null) tell(feed, stream, { kind: 'timer', name: rest.join('|'), dueAt });
  }
}

/** What a commit changes beside its events: meta, timers, secrets. */
function change<S extends StreamTypes>(
  { timers }: MemoryLog<S>,
  { meta, secrets, events }: Stored<S>,
  { stream, effects, secrets: owners = {} }: CommitRequest<S>,
  now: number,
): void {
  for (const one of effects.meta) {
    if ('drop' in one) meta.delete(one.drop);
    else if ('inMs' in one) meta.set(one.set, String(now + one.inMs));
    else meta.set(one.set, 'rev' in one ? String(events.length) : one.value);
  }
  for (const one of effects.timers) {
    if ('cancel' in one) timers.delete(`${stream}|${one.cancel}`);
    else timers.set(`${stream}|${one.set}`, 'at' in one ? one.at : now + one.inMs);
  }
  for (const [hash, owner] of Object.entries(owners)) {
    if (owner === null) secrets.delete(hash);
    else secrets.set(hash, owner);
  }
}

/** Another life under the same id is another stream, whatever its turn. */
function isSeen<S extends StreamTypes>(
  { turn, epoch = null, rev }: Extract<CommitRequest['expect'], { readonly turn: number }>,
  stored: Stored<S>,
): boolean {
  const stands = rev === undefined ? turn === stored.turn : rev === stored.events.length;
  return stands && (epoch === null || epoch === (stored.meta.get('epoch') ?? epoch));
}

function refusalOf<Code extends string>(
  guards: readonly Guard<Code>[],
  meta: ReadonlyMap<string, string>,
  now: number,
): Code | null {
  return guards.find((guard) => !holds(guard, meta, now))?.else ?? null;
}

function holds(guard: Guard, meta: ReadonlyMap<string, string>, now: number): boolean {
  const have = meta.get(guard.field);
  if (have === undefined) return false;
  if ('present' in guard) return true;
  if ('equals' in guard) return have === guard.equals;
  if ('lessThanField' in guard) return numberIn(have) < numberIn(meta.get(guard.lessThanField));
  return 'reached' in guard ? now >= numberIn(have) : now <= numberIn(have);
}

/** NaN, with which no comparison holds, for what is no decimal number; `Number` takes '' and '0x10', too. */
const numberIn = (text = ''): number => (/^-?\d+\.?\d*$/.test(text) ? Number(text) : Number.NaN);
