// Rooms folded to the head of their logs, kept per process: a load reads only what came since. Losing it
// costs a re-read.

import type { RecordedEvent } from '../core/events.ts';
import { type Folded, fold, following, pageAfter, unfolded } from '../core/evolve.ts';
import type { RoomCode } from '../core/ids.ts';
import { keepNewest } from '../core/keep-newest.ts';
import { limits } from '../core/limits.ts';
import type { EventLog } from '../core/ports.ts';
import { epochOf } from '../core/state.ts';

export interface FoldCache {
  /** The room at the head of its log as of this call; `unfolded` where there is no log. */
  load(room: RoomCode): Promise<Folded>;
  /**
   * The room with what was committed to it as it stood in `folded`. Only where answers came between is the
   * log read again.
   */
  append(room: RoomCode, folded: Folded, events: readonly RecordedEvent[]): Promise<Folded>;
  /** What is known without asking. */
  peek(room: RoomCode): Folded | undefined;
  forget(room: RoomCode): void;
}

export function createFoldCache(log: EventLog): FoldCache {
  const kept = new Map<RoomCode, Folded>();

  /** Two loads may overtake each other; of one epoch the further one stays. */
  function keep(room: RoomCode, folded: Folded): Folded {
    const other = kept.get(room);
    const further =
      other !== undefined && epochOf(other.state) === epochOf(folded.state) && other.rev > folded.rev;
    keepNewest(kept, room, further ? other : folded, limits.roomsCachedMax);
    return folded;
  }

  async function readOn(room: RoomCode, from: Folded): Promise<Folded> {
    let folded = from;
    for (;;) {
      const page = await log.read(room, pageAfter(folded));
      const fresh = following(folded, page);
      if (fresh === null) {
        kept.delete(room);
        return readOn(room, unfolded);
      }
      folded = fold(folded, fresh);
      if (page.length < limits.readPageEntries) return folded;
    }
  }

  async function load(room: RoomCode): Promise<Folded> {
    const known = kept.get(room) ?? unfolded;
    const [head, read] = await Promise.all([log.head(room), readOn(room, known)]);
    if (head === null) {
      kept.delete(room);
      return unfolded;
    }
    // Another epoch under the same code is another room: nothing of the old one counts.
    const same = epochOf(read.state) === head.epoch && known.rev <= head.rev;
    return keep(room, same ? read : await readOn(room, unfolded));
  }

  return {
    load,
    async append(room, folded, events) {
      const follows = events[0]?.rev === folded.rev + 1;
      return follows ? keep(room, fold(folded, events)) : load(room);
    },
    peek: (room) => kept.get(room),
    forget: (room) => void kept.delete(room),
  };
}
