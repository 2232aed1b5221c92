// One room followed at the head of its log: the fold, the frames, and who has answered the open question.
// Reads once for all sockets of the room, however many wake.

import type { Truth } from '../../core/claim.ts';
import type { RecordedEvent } from '../../core/events.ts';
import { type Game, game } from '../../core/game.ts';
import type { PlayerId, RoomCode } from '../../core/ids.ts';
import type { Folded } from '../../streams/engine.ts';
import type { EventLog } from '../../streams/parts.ts';
import { fold, follow, unfolded } from '../../streams/parts.ts';
import { createHistory, type History } from './history.ts';

export interface Follower {
  readonly folded: () => Folded<Game>;
  readonly history: () => History;
  /** The last ROUND_RESULT, of whatever round. */
  readonly result: () => RecordedEvent<'ROUND_RESULT'> | null;
  /** Answers to the question shown last. */
  readonly answers: () => ReadonlyMap<PlayerId, Truth>;
  /**
   * Comes to the head of the log as of this call. `gone`: there is no such room (any more), or another one
   * under its code. `cutBack`: the log lost events that were told, and went on without them; no client is
   * brought up to date by frames from then on, only by the whole state. Throws Fault, UnreadableEvent.
   */
  pull(): Promise<Pulled>;
  /**
   * What was read since this was asked last, whatever pulled; nothing of the first read, before which no
   * client was told anything.
   */
  fresh(): readonly RecordedEvent[];
}

type Pulled = 'there' | 'gone' | 'cutBack';

export function createFollower(log: EventLog<Game>, room: RoomCode): Follower {
  let folded: Folded<Game> = unfolded(game);
  let history = createHistory(0);
  let result: RecordedEvent<'ROUND_RESULT'> | null = null;
  let answers = new Map<PlayerId, Truth>();
  let unseen: RecordedEvent[] = [];
  // Until a read came to the head: one that fails on the way has told no client.
  let cut = false;

  function take(event: RecordedEvent): void {
    folded = fold(game, folded, [event]);
    const { state } = folded;
    if (state.phase === 'none') return;
    if (event.type === 'ROUND_RESULT') result = event;
    history.add(event, state, result);
    if (event.type === 'NEW_QUESTION') answers = new Map();
    if (event.type === 'ANSWER_SUBMITTED') answers.set(event.data.playerId, event.data.answer);
  }

  function beginAnew(floor: number): void {
    folded = unfolded(game);
    history = createHistory(floor);
    result = null;
    answers = new Map();
    unseen = [];
  }

  async function readOn(): Promise<Pulled> {
    let isFirst = folded.last === null;
    const came = await follow(log, room, folded, {
      take(events) {
        for (const event of events) take(event);
        if (!isFirst) unseen.push(...events);
      },
      anew() {
        beginAnew(Number.POSITIVE_INFINITY);
        cut = true;
        isFirst = true;
      },
    });
    if (came !== 'there') {
      beginAnew(0);
      cut = false;
      return 'gone';
    }
    const pulled = cut ? 'cutBack' : 'there';
    cut = false;
    return pulled;
  }

  return {
    folded: () => folded,
    history: () => history,
    result: () => result,
    answers: () => answers,
    pull: sharing(readOn),
    fresh() {
      const events = unseen;
      unseen = [];
      return events;
    },
  };
}

/**
 * One read at a time. One that is under way may have passed the head before a call; the one after it has not,
 * and serves all that wait.
 */
function sharing<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | null = null;
  let next: Promise<T> | null = null;
  const ask = (): Promise<T> => {
    if (reading === null) {
      reading = read().finally(() => {
        reading = null;
      });
      return reading;
    }
    next ??= reading
      .catch(() => undefined)
      .then(() => {
        next = null;
        return ask();
      });
    return next;
  };
  return ask;
}
