// A room's log as operators look at it: read whole, folded to any revision or moment. Reading calls no model
// and writes nothing.

import { Answers } from '../../core/answers.ts';
import type { RecordedEvent } from '../../core/events.ts';
import { type Game, game } from '../../core/game.ts';
import type { RoomCode } from '../../core/ids.ts';
import { Players } from '../../core/players.ts';
import { Fault, type Folded } from '../../streams/engine.ts';
import { type EventLog, fold, readAfter, unfolded } from '../../streams/parts.ts';
import { differencesOf } from './difference.ts';

/** @throws Fault `room_unknown` when there is no log under this code. */
export async function readRoom(log: EventLog<Game>, room: RoomCode): Promise<RecordedEvent[]> {
  const events = await readAfter(log, room, 0);
  if (events.length > 0) return events;
  throw roomUnknown(room);
}

/** For those who name a room that is not there. */
export const roomUnknown = (room: RoomCode): Fault =>
  new Fault('room_unknown', `there is no room ${room}`, { retryable: false });

// Date.parse alone takes "-1" for a day of the year 2001, and a time without a zone for one of this machine.
const isoTime = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}.*?)(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** As `arena` prints times, without a zone they are UTC. */
function momentOf(text: string): number {
  const [, day, time = '00:00', zone = 'Z'] = isoTime.exec(text) ?? [];
  return day === undefined ? Number.NaN : Date.parse(`${day}T${time}${zone}`);
}

/**
 * The revision that is meant: a number, or a moment as `2026-11-24T14:00:00Z` or in ms, or null for the
 * end.
 * @throws Fault `no_such_revision` for one beyond the end, or for what is neither.
 */
export function revisionOf(
  events: readonly Pick<RecordedEvent, 'rev' | 'at'>[],
  meant: string | null,
): number {
  const last = events.at(-1)?.rev ?? 0;
  if (meant === null) return last;
  if (/^\d{1,10}$/.test(meant)) {
    const rev = Number(meant);
    if (rev <= last) return rev;
    throw new Fault('no_such_revision', `the log ends at revision ${last}, before ${meant}`, {
      retryable: false,
    });
  }
  const at = /^\d+$/.test(meant) ? Number(meant) : momentOf(meant);
  if (Number.isNaN(at)) {
    throw new Fault('no_such_revision', `"${meant}" is neither a revision nor a time`, { retryable: false });
  }
  return events.findLast((event) => event.at <= at)?.rev ?? 0;
}

export function foldTo(events: readonly RecordedEvent[], rev: number): Folded<Game> {
  return fold(game, unfolded(game), events.slice(0, rev));
}

/** An event, the room before and after it, and what it changed; of revision 0 there is no event. */
export function stepAt(events: readonly RecordedEvent[], rev: number) {
  const [before, after] = [rev - 1, rev].map((at) => plain(foldTo(events, at).state));
  return { event: events[rev - 1] ?? null, before, after, changes: differencesOf(before, after) };
}

/** A folded room as JSON can hold it: maps become objects, sets become lists. */
export function plain(value: unknown): unknown {
  if (value instanceof Players) return plain(Object.fromEntries(value.values().map((one) => [one.id, one])));
  if (value instanceof Answers) {
    return plain(Object.fromEntries(value.values().map((given) => [given.playerId, given])));
  }
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (value instanceof Set) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
  }
  return value;
}
