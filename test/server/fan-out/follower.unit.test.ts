// A room as a server follows it: what it knows of answers is of the question that is asked, which closes when
// all have answered it.

import { expect, test } from 'vitest';
import type { Game } from '../../../core/game.ts';
import { createFollower } from '../../../server/fan-out/follower.ts';
import type { EventLog } from '../../../streams/contract/event-log.ts';
import { anOpenQuestion, playerOf, roomOf } from '../../support/histories.ts';
import { looking } from '../../support/looking.ts';
import { answer, ask, finish, room, type Table } from '../../support/played-game.ts';

/** The log of a table as far as it has come. */
function logOf({ log, folded }: Table): EventLog<Game> {
  const read: EventLog<Game>['read'] = async (_room, after, max = log.length) =>
    log.filter(({ rev }) => rev > after).slice(0, max);
  const head: EventLog<Game>['head'] = async () => {
    const { state, rev } = folded();
    return state.phase === 'none' ? null : { rev, epoch: state.epoch };
  };
  return looking({ read, head });
}

test('who has answered is known of the question that is asked, and of none before it', async () => {
  const table = anOpenQuestion(['Ada', 'Bo'])();
  const [ada, bo] = [playerOf(table, 'Ada'), playerOf(table, 'Bo')];
  const follower = createFollower(logOf(table), room);
  const answers = async () => {
    await follower.pull();
    return new Map(follower.answers());
  };
  expect(await answers()).toEqual(new Map());
  answer(table, ada, 'FACT', 100);
  answer(table, bo, 'FAKE', 200);
  expect(await answers()).toEqual(
    new Map([
      [ada, 'FACT'],
      [bo, 'FAKE'],
    ]),
  );
  finish(table);
  ask(table);
  expect(await answers()).toEqual(new Map());
  answer(table, bo, 'FACT', 100);
  expect(await answers()).toEqual(new Map([[bo, 'FACT']]));
  // The same for a server that comes later and reads all of it at once.
  const late = createFollower(logOf(table), room);
  await late.pull();
  expect(new Map(late.answers())).toEqual(new Map([[bo, 'FACT']]));
  expect(late.folded().state).toEqual(roomOf(table));
});
