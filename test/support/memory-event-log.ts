// The log in memory: the same port, the same order of checks, on a clock that the test holds. Proves, by the
// contract suite, that the port says all there is to know of the real one.

import type { ErrorCode } from '../../core/errors.ts';
import { type Envelope, quietTypes, type RecordedEvent } from '../../core/events.ts';
import type { RoomCode } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import type { CommitOutcome, CommitRequest, EventLog, Guard, Noted } from '../../core/ports.ts';

interface Stored {
  readonly events: RecordedEvent[];
  readonly meta: Map<string, string>;
  readonly done: Map<string, Noted>;
  turn: number;
  at: number;
}

export interface MemoryEventLog extends EventLog {
  /** One per commit with an event that is not quiet. */
  readonly feed: { room: RoomCode; first: number; last: number; types: string[] }[];
  /** Due moments by `<room>|<name>`. */
  readonly timers: Map<string, number>;
  /** Entries acknowledged. */
  readonly acked: string[];
  readonly secrets: Map<string, string>;
  meta(room: RoomCode): ReadonlyMap<string, string>;
  clock: number;
}

export function createMemoryEventLog(): MemoryEventLog {
  const rooms = new Map<RoomCode, Stored>();

  const log: MemoryEventLog = {
    feed: [],
    timers: new Map(),
    acked: [],
    secrets: new Map(),
    clock: 1_000_000,
    meta: (room) => rooms.get(room)?.meta ?? new Map(),
    commit: async (request) => commit(request),
    read: async (room, afterRev, entriesMax = limits.readPageEntries) =>
      (rooms.get(room)?.events ?? []).slice(afterRev, afterRev + entriesMax),
    noted: async (room, key) => rooms.get(room)?.done.get(key) ?? null,
    async head(room) {
      const stored = rooms.get(room);
      const epoch = stored?.meta.get('epoch');
      return stored === undefined || epoch === undefined ? null : { rev: stored.events.length, epoch };
    },
    now: async (room) => Math.max(log.clock, room === null ? 0 : (rooms.get(room)?.at ?? 0)),
  };

  function commit(request: CommitRequest): CommitOutcome {
    const { room, key, intent, expect } = request;
    const stored = rooms.get(room);
    const first = stored?.done.get(key ?? '') ?? stored?.done.get(intent?.key ?? '');
    if (first !== undefined) {
      settle(request);
      return { status: 'dup', ...first };
    }
    const now = Math.max(log.clock, stored?.at ?? 0);
    if (expect === 'new') {
      if (stored !== undefined) return { status: 'refused', code: 'forbidden' };
      const fresh = { events: [], meta: new Map(), done: new Map(), turn: 0, at: 0 };
      rooms.set(room, fresh);
      return write(request, fresh, now);
    }
    if (stored === undefined) return { status: 'refused', code: 'room_not_found' };
    if ('turn' in expect && expect.turn !== stored.turn) return { status: 'conflict', turn: stored.turn };
    const refusal = 'guards' in expect ? refusalOf(expect.guards, stored.meta, now) : null;
    return refusal === null ? write(request, stored, now) : { status: 'refused', code: refusal };
  }

  function write(request: CommitRequest, stored: Stored, now: number): CommitOutcome {
    const { room, key, note = '', intent, events, count } = request;
    const pointer = append(room, stored, events, now);
    if (pointer !== null) log.feed.push(pointer);
    const rev = stored.events.length;
    change(log, stored, request, now);
    const counted = count === undefined ? null : Number(stored.meta.get(count) ?? 0) + 1;
    if (count !== undefined) stored.meta.set(count, String(counted));
    if (key !== null) stored.done.set(key, { rev, at: now, note });
    if (intent !== undefined) stored.done.set(intent.key, { rev, at: now, note: intent.content });
    settle(request);
    return { status: 'ok', rev, at: now, count: counted };
  }

  function settle({ settles }: CommitRequest): void {
    if (settles !== undefined) log.acked.push(`${settles.group}:${settles.entryId}`);
  }

  return log;
}

/** Writes events and gives what the feed is told of them; null when all are quiet. */
function append(
  room: RoomCode,
  stored: Stored,
  events: readonly Envelope[],
  now: number,
): MemoryEventLog['feed'][number] | null {
  const loud: RecordedEvent[] = [];
  for (const event of events) {
    const recorded: RecordedEvent = { ...event, rev: stored.events.length + 1, at: now };
    stored.events.push(recorded);
    if (quietTypes.has(event.type)) continue;
    stored.turn = recorded.rev;
    loud.push(recorded);
  }
  if (events.length > 0) stored.at = now;
  const [first] = loud;
  const last = loud.at(-1);
  if (first === undefined || last === undefined) return null;
  return { room, first: first.rev, last: last.rev, types: loud.map(({ type }) => type) };
}

/** What a commit changes beside its events: meta, alarms, secrets. */
function change(
  { timers, secrets }: MemoryEventLog,
  { meta, events }: Stored,
  { room, effects, secrets: owners = {} }: CommitRequest,
  now: number,
): void {
  for (const one of effects.meta) {
    if ('drop' in one) meta.delete(one.drop);
    else if ('inMs' in one) meta.set(one.set, String(now + one.inMs));
    else meta.set(one.set, 'rev' in one ? String(events.length) : one.value);
  }
  for (const one of effects.timers) {
    if ('cancel' in one) timers.delete(`${room}|${one.cancel}`);
    else timers.set(`${room}|${one.set}`, 'at' in one ? one.at : now + one.inMs);
  }
  for (const [hash, owner] of Object.entries(owners)) {
    if (owner === null) secrets.delete(hash);
    else secrets.set(hash, owner);
  }
}

function refusalOf(
  guards: readonly Guard[],
  meta: ReadonlyMap<string, string>,
  now: number,
): ErrorCode | null {
  return guards.find((guard) => !holds(guard, meta, now))?.else ?? null;
}

function holds(guard: Guard, meta: ReadonlyMap<string, string>, now: number): boolean {
  const have = meta.get(guard.field);
  if (have === undefined) return false;
  if ('present' in guard) return true;
  if ('equals' in guard) return have === guard.equals;
  if ('lessThanField' in guard) return Number(have) < Number(meta.get(guard.lessThanField) ?? Number.NaN);
  return 'reached' in guard ? now >= Number(have) : now <= Number(have);
}
