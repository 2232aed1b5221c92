// The frames of one room as this process keeps them: one path for what happens now and for what a client
// missed. A socket has a cursor; whatever lies after it is what it gets next.

import type { EventType, RecordedEvent } from '../../core/events.ts';
import type { PlayerId } from '../../core/ids.ts';
import { keepNewest } from '../../core/keep-newest.ts';
import { limits } from '../../core/limits.ts';
import type { VolatileMessage } from '../../core/messages.ts';
import { frameOf, isForHosts, youOf } from '../../core/player-view.ts';
import type { Role } from '../../core/protocol.ts';
import type { Room } from '../../core/state.ts';
import { textFrame } from './client-socket.ts';

interface Entry {
  readonly s: number;
  readonly frame: Buffer;
  /** What each player is told of themselves after it. */
  readonly own: Personal | null;
}

/** The frame for this player; empty for those who only watch. */
type Personal = (playerId: PlayerId | null) => Buffer;

// What changes how players stand.
const standingTypes: ReadonlySet<EventType> = new Set(['ROUND_RESULT', 'ROUND_VOIDED']);

export interface History {
  /** The revision that the history has come to; frames end there. */
  readonly head: () => number;
  /** Adds an event; `after` is the room with it, `result` the last one up to it. */
  add(event: RecordedEvent, after: Room, result: RecordedEvent<'ROUND_RESULT'> | null): void;
  /** True when everything after `s` is here for one in this role. */
  reaches(s: number, role?: Role): boolean;
  /**
   * What comes after `s`, for a player or (null) for one who only watches. Empty when there is nothing.
   */
  after(s: number, playerId: PlayerId | null, role?: Role): Buffer;
}

const empty = Buffer.alloc(0);
// A client that comes back names the place, and each may hold all frames.
const placesKept = 16;

/** `floor` is the revision before the first event that will be added. */
export function createHistory(floor: number): History {
  // Hosts are told of each player of a crowd, all others of the first: so much less for most.
  const [forAll, forHosts] = [createTrack(floor), createTrack(floor)];
  const trackOf = (role: Role) => (role === 'host' ? forHosts : forAll);
  let newest = floor;
  return {
    head: () => newest,
    add(event, after, result) {
      newest = event.rev;
      const frame = frameOf(event, after);
      if (frame === null) return;
      const own = standingTypes.has(event.type) ? youAt(event.at, after, result) : null;
      const entry = { s: event.rev, frame: textFrame(JSON.stringify(frame)), own };
      forHosts.add(entry);
      if (!isForHosts(event, after)) forAll.add(entry);
    },
    reaches: (s, role = 'player') => s >= trackOf(role).oldest() && s <= newest,
    after: (s, playerId, role = 'player') => trackOf(role).after(s, playerId),
  };
}

/** Frames in order, the newest of them. */
function createTrack(floor: number) {
  const entries: Entry[] = [];
  let oldest = floor;
  // Most sockets stand at the same place, so what they get is joined once: runs of frames between what
  // is each player's own.
  let joined = new Map<number, readonly (Buffer | Personal)[]>();

  function partsAfter(s: number): readonly (Buffer | Personal)[] {
    const known = joined.get(s);
    if (known !== undefined) return known;
    const parts: (Buffer | Personal)[] = [];
    let run: Buffer[] = [];
    for (const { frame, own } of entries.slice(firstAfter(entries, s))) {
      run.push(frame);
      if (own === null) continue;
      parts.push(Buffer.concat(run), own);
      run = [];
    }
    if (run.length > 0) parts.push(Buffer.concat(run));
    keepNewest(joined, s, parts, placesKept);
    return parts;
  }

  return {
    oldest: () => oldest,
    add(entry: Entry): void {
      entries.push(entry);
      if (entries.length > limits.framesKeptPerRoom) oldest = entries.shift()?.s ?? oldest;
      joined = new Map();
    },
    after(s: number, playerId: PlayerId | null): Buffer {
      if (s >= (entries.at(-1)?.s ?? 0)) return empty;
      const all = partsAfter(s).map((part) => (Buffer.isBuffer(part) ? part : part(playerId)));
      return all.length === 1 && all[0] !== undefined ? all[0] : Buffer.concat(all);
    },
  };
}

const youAt =
  (at: number, after: Room, result: RecordedEvent<'ROUND_RESULT'> | null): Personal =>
  (playerId) => {
    const d = playerId === null ? null : youOf(after, result, playerId);
    if (d === null) return empty;
    const message: VolatileMessage = { t: 'you', at, d };
    return textFrame(JSON.stringify(message));
  };

/** Index of the first entry after `s`, by halving: entries are in order. */
function firstAfter(entries: readonly Entry[], s: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.s ?? 0) <= s) low = middle + 1;
    else high = middle;
  }
  return low;
}
