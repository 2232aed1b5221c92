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
    now: async () => log.clock,
  };

  function commit(request: CommitRequest): CommitOutcome {
    const { room, key, expect } = request;
    const stored = rooms.get(room);
    const first = key === null ? undefined : stored?.done.get(key);
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
    const { room, key, note = '', events, effects, count, secrets = {} } = request;
    append(room, stored, events, now);
    const rev = stored.events.length;
    for (const change of effects.meta) {
      if ('drop' in change) stored.meta.delete(change.drop);
      else if ('inMs' in change) stored.meta.set(change.set, String(now + change.inMs));
      else stored.meta.set(change.set, 'rev' in change ? String(rev) : change.value);
    }
    for (const change of effects.timers) {
      if ('cancel' in change) log.timers.delete(`${room}|${change.cancel}`);
      else log.timers.set(`${room}|${change.set}`, 'at' in change ? change.at : now + change.inMs);
    }
    for (const [hash, owner] of Object.entries(secrets)) {
      if (owner === null) log.secrets.delete(hash);
      else log.secrets.set(hash, owner);
    }
    const counted = count === undefined ? null : Number(stored.meta.get(count) ?? 0) + 1;
    if (count !== undefined) stored.meta.set(count, String(counted));
    if (key !== null) stored.done.set(key, { rev, at: now, note });
    settle(request);
    return { status: 'ok', rev, at: now, count: counted };
  }

  function append(room: RoomCode, stored: Stored, events: readonly Envelope[], now: number): void {
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
    if (first === undefined || last === undefined) return;
    log.feed.push({ room, first: first.rev, last: last.rev, types: loud.map(({ type }) => type) });
  }

  function settle({ settles }: CommitRequest): void {
    if (settles !== undefined) log.acked.push(`${settles.group}:${settles.entryId}`);
  }

  return log;
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
