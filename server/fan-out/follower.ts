// One room followed at the head of its log: the fold, the frames, and who has answered the open question.
// Reads once for all sockets of the room, however many ring.

import type { Truth } from '../../core/claim.ts';
import type { RecordedEvent } from '../../core/events.ts';
import { type Folded, fold, unfolded } from '../../core/evolve.ts';
import type { PlayerId, RoomCode } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import type { EventLog } from '../../core/ports.ts';
import { createHistory, type History } from './history.ts';

export interface Follower {
  readonly folded: () => Folded;
  readonly history: () => History;
  /** The last ROUND_RESULT, of whatever round. */
  readonly result: () => RecordedEvent<'ROUND_RESULT'> | null;
  /** Answers to the question shown last. */
  readonly answers: () => ReadonlyMap<PlayerId, Truth>;
  /**
   * Comes to the head of the log as of this call and gives what is new. `gone`: there is no such room (any
   * more), or another one under its code. Throws Fault, UnreadableEvent.
   */
  pull(): Promise<readonly RecordedEvent[] | 'gone'>;
}

export function createFollower(log: EventLog, room: RoomCode): Follower {
  let folded = unfolded;
  let history = createHistory(0);
  let result: RecordedEvent<'ROUND_RESULT'> | null = null;
  let answers = new Map<PlayerId, Truth>();
  let pulling: Promise<readonly RecordedEvent[] | 'gone'> | null = null;
  let following: Promise<readonly RecordedEvent[] | 'gone'> | null = null;

  function take(event: RecordedEvent): void {
    folded = fold(folded, [event]);
    const { state } = folded;
    if (state.phase === 'none') return;
    history.add(event, state);
    if (event.type === 'ROUND_RESULT') result = event;
    if (event.type === 'NEW_QUESTION') answers = new Map();
    if (event.type === 'ANSWER_SUBMITTED') answers.set(event.data.playerId, event.data.answer);
  }

  async function readOn(): Promise<readonly RecordedEvent[] | 'gone'> {
    const head = await log.head(room);
    const { state } = folded;
    if (head === null || (state.phase !== 'none' && state.epoch !== head.epoch)) {
      folded = unfolded;
      history = createHistory(0);
      result = null;
      return 'gone';
    }
    const fresh: RecordedEvent[] = [];
    for (;;) {
      const page = await log.read(room, folded.rev);
      for (const event of page) take(event);
      fresh.push(...page);
      if (page.length < limits.readPageEntries) return fresh;
    }
  }

  return {
    folded: () => folded,
    history: () => history,
    result: () => result,
    answers: () => answers,
    pull() {
      // A read under way may have passed the head before this call; the one after it has not, and serves
      // everybody who waits.
      if (pulling === null) {
        pulling = readOn().finally(() => {
          pulling = null;
        });
        return pulling;
      }
      following ??= pulling
        .catch(() => undefined)
        .then(() => {
          following = null;
          return this.pull();
        });
      return following;
    },
  };
}
