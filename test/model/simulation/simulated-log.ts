// The log in memory as one process sees it: each call is a step of the schedule.

import type { Game } from '../../../core/game.ts';
import type { Attempts } from '../../../streams/consume/attempts.ts';
import type { CommitRequest, EventLog } from '../../../streams/contract/event-log.ts';
import type { Life, Schedule } from './schedule.ts';

export function simulatedLog(log: EventLog<Game>, { step }: Schedule, life: Life): EventLog<Game> {
  const commit: EventLog<Game>['commit'] = (request) =>
    step(life, saidOf(request), () => log.commit(request));
  return {
    commit,
    commitInOrder(requests) {
      const said = requests.map(saidOf).join(' + ');
      // One call: all of them come, or none of their replies does.
      const all = step(life, said, () => Promise.allSettled(log.commitInOrder(requests)));
      return requests.map(async (_request, at) => {
        const one = (await all)[at];
        if (one === undefined) throw new Error('a log told nothing of a commit');
        if (one.status === 'rejected') throw one.reason;
        return one.value;
      });
    },
    look: (room, after) => step(life, `looks after ${after}`, () => log.look(room, after)),
    read: (room, after, max) => step(life, `reads after ${after}`, () => log.read(room, after, max)),
    firstResult: (room, key) => step(life, `asks for ${key}`, () => log.firstResult(room, key)),
    head: (room) => step(life, 'asks for the head', () => log.head(room)),
    now: (room) => step(life, 'asks for the time', () => log.now(room)),
  };
}

/** The same for the counts of tries. */
export function simulatedAttempts(attempts: Attempts, { step }: Schedule, life: Life): Attempts {
  return {
    list: attempts.list,
    start: (id) => step(life, `starts ${id}`, () => attempts.start(id)),
    uncount: (id) => step(life, `uncounts ${id}`, () => attempts.uncount(id)),
    failed: (id, said) => step(life, `failed at ${id}`, () => attempts.failed(id, said)),
    deadLetter: (id, fields) => step(life, `gives up ${id}`, () => attempts.deadLetter(id, fields)),
  };
}

const saidOf = ({ key, events, settles }: CommitRequest<Game>): string =>
  `commits ${events.map(({ type }) => type).join()} as ${key}${settles === undefined ? '' : ` for ${settles.entryId}`}`;
