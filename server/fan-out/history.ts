// The frames of one room as this process keeps them: one path for what happens now and for what somebody
// missed. A socket has a cursor; whatever lies after it is what it gets next.

import type { RecordedEvent } from '../../core/events.ts';
import type { PlayerId } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import { frameOf, youOf } from '../../core/player-view.ts';
import type { Room } from '../../core/state.ts';
import { textFrame } from './outlet.ts';

interface Entry {
  readonly s: number;
  readonly frame: Buffer;
  /** After a ROUND_RESULT each player is told what it did to them. */
  readonly result: RecordedEvent<'ROUND_RESULT'> | null;
}

export interface History {
  /** The revision that the history has come to; frames end there. */
  readonly head: () => number;
  /** Adds an event; `after` is the room with it. */
  add(event: RecordedEvent, after: Room): void;
  /** True when everything after `s` is here. */
  reaches(s: number): boolean;
  /**
   * What comes after `s`, for a player or (null) for somebody who only watches. Empty when there is nothing.
   */
  after(s: number, playerId: PlayerId | null): Buffer;
}

const empty = Buffer.alloc(0);

/** `floor` is the revision before the first event that will be added. */
export function createHistory(floor: number): History {
  const entries: Entry[] = [];
  let oldest = floor;
  let newest = floor;
  // Most sockets stand at the same place, so what they get is joined once: runs of frames between two
  // results.
  let joined = new Map<number, readonly (Buffer | RecordedEvent<'ROUND_RESULT'>)[]>();

  function partsAfter(s: number): readonly (Buffer | RecordedEvent<'ROUND_RESULT'>)[] {
    const known = joined.get(s);
    if (known !== undefined) return known;
    const parts: (Buffer | RecordedEvent<'ROUND_RESULT'>)[] = [];
    let run: Buffer[] = [];
    for (const { frame, result } of entries.slice(firstAfter(entries, s))) {
      run.push(frame);
      if (result === null) continue;
      parts.push(Buffer.concat(run), result);
      run = [];
    }
    if (run.length > 0) parts.push(Buffer.concat(run));
    joined.set(s, parts);
    return parts;
  }

  return {
    head: () => newest,
    add(event, after) {
      newest = event.rev;
      const frame = frameOf(event, after);
      if (frame === null) return;
      const result = event.type === 'ROUND_RESULT' ? event : null;
      entries.push({ s: event.rev, frame: textFrame(JSON.stringify(frame)), result });
      if (entries.length > limits.framesKeptPerRoom) oldest = entries.shift()?.s ?? oldest;
      joined = new Map();
    },
    reaches: (s) => s >= oldest && s <= newest,
    after(s, playerId) {
      const parts = partsAfter(s);
      if (parts.length === 0) return empty;
      const own = parts.map((part) => (Buffer.isBuffer(part) ? part : youFrame(part, playerId)));
      return own.length === 1 && own[0] !== undefined ? own[0] : Buffer.concat(own);
    },
  };
}

function youFrame(result: RecordedEvent<'ROUND_RESULT'>, playerId: PlayerId | null): Buffer {
  const d = playerId === null ? null : youOf(result, playerId);
  return d === null ? empty : textFrame(JSON.stringify({ t: 'you', at: result.at, d }));
}

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
