// Rooms folded to the head of their logs, kept per process: a load reads only what came since. Losing it
// costs a re-read.

import { type Folded, fold, unfolded } from '../core/evolve.ts';
import type { RoomCode } from '../core/ids.ts';
import { limits } from '../core/limits.ts';
import type { EventLog } from '../core/ports.ts';

export interface FoldCache {
  /** The room at the head of its log as of this call; `unfolded` where there is no log. */
  load(room: RoomCode): Promise<Folded>;
  /** What is known without asking. */
  peek(room: RoomCode): Folded | undefined;
  forget(room: RoomCode): void;
}

export function createFoldCache(log: EventLog): FoldCache {
  // A Map keeps insertion order, so its first key is the room used longest ago.
  const kept = new Map<RoomCode, Folded>();

  /** Two loads may overtake each other; of one epoch the further one stays. */
  function keep(room: RoomCode, folded: Folded): Folded {
    const other = kept.get(room);
    const further = other !== undefined && epochOf(other) === epochOf(folded) && other.rev > folded.rev;
    kept.delete(room);
    kept.set(room, further ? other : folded);
    const oldest = kept.keys().next();
    if (kept.size > limits.roomsCachedMax && !oldest.done) kept.delete(oldest.value);
    return folded;
  }

  async function readOn(room: RoomCode, from: Folded): Promise<Folded> {
    let folded = from;
    for (;;) {
      const events = await log.read(room, folded.rev);
      folded = fold(folded, events);
      if (events.length < limits.readPageEntries) return folded;
    }
  }

  return {
    async load(room) {
      const known = kept.get(room) ?? unfolded;
      const [head, read] = await Promise.all([log.head(room), readOn(room, known)]);
      if (head === null) {
        kept.delete(room);
        return unfolded;
      }
      // Another epoch under the same code is another room: nothing of the old one counts.
      const same = epochOf(read) === head.epoch && known.rev <= head.rev;
      return keep(room, same ? read : await readOn(room, unfolded));
    },
    peek: (room) => kept.get(room),
    forget: (room) => void kept.delete(room),
  };
}

function epochOf({ state }: Folded): string | null {
  return state.phase === 'none' ? null : state.epoch;
}
