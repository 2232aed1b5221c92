// The way of a timer from the commit that sets it to the agent it wakes: it fires once, and one that is
// taken out of the list is in the feed.

import { describe, expect, test } from 'vitest';
import type { Game } from '../../core/game.ts';
import { fireTimers } from '../../streams/consume/timers.ts';
import type { CommitRequest } from '../../streams/contract/event-log.ts';
import type { Task } from '../../streams/contract/task.ts';
import { pausing } from '../../streams/valkey/stream-reader.ts';
import { timersOf } from '../support/engine.ts';
import { engineForEach, until } from '../support/engine-for-each.ts';
import { changed, createIn, request } from '../support/room-log.ts';

const each = engineForEach();

/** Commits to a new room, one after the other; gives the room and the moments. */
async function commitAll(...all: readonly CommitRequest['effects']['timers'][]) {
  const { log } = each.engine;
  const room = await createIn(log);
  const moments: number[] = [];
  for (const [index, timers] of all.entries()) {
    const effects = { meta: [], timers };
    const outcome = await log.commit(request(room, [changed(3)], { expect: { turn: index + 1 }, effects }));
    if (outcome.status !== 'ok') throw new Error(outcome.status);
    moments.push(outcome.at);
  }
  return { room, moments };
}

/** Fires timers until the work is done. */
async function whileFiring<T>(work: () => Promise<T>): Promise<T> {
  const { commands, partition } = each.engine;
  const stop = new AbortController();
  const options = { idField: 'room', idle: pausing(50), signal: stop.signal, chance: () => 0 };
  const ringing = fireTimers(commands, partition, options);
  return work().finally(async () => {
    stop.abort(new Error('enough'));
    await ringing;
  });
}

function listen(options: { timers?: boolean } = {}) {
  const heard: Task['timer'][] = [];
  const handle = async ({ timer }: Task<Game>) => void heard.push(timer);
  each.engine.consume({ name: 'one', wakes: [], timers: true, handle, ...options });
  return heard;
}

const allDone = async () => (await each.pending()) === 0;

describe('a timer that a commit sets', () => {
  const names = ['stage|a', 'open|b', 'close|c', 'look|d'];

  test('wakes once whoever is woken by timers, with its name and moment, whatever it is for', async () => {
    const heard = listen();
    const { room, moments } = await commitAll(names.map((set, index) => ({ set, inMs: 10 * index })));
    await whileFiring(() => until(async () => heard.length >= names.length && (await allDone())));
    const due = (index: number) => (moments[0] ?? 0) + 10 * index;
    expect(heard).toEqual(names.map((name, index) => ({ name, dueAt: due(index) })));
    expect(await timersOf(each.engine.commands, each.engine.keys, room)).toEqual({});
  });

  test('waits in the feed where no consumer was there when it fired', async () => {
    await commitAll([{ set: 'close|c', inMs: 0 }]);
    const { commands, partition } = each.engine;
    await whileFiring(() => until(async () => (await commands.zcard(partition.timers)) === 0));
    const heard = listen();
    await until(async () => heard.length > 0 && (await allDone()));
    expect(heard).toMatchObject([{ name: 'close|c' }]);
  });

  test('and sets again fires once, at the moment set last; cancelled it never fires', async () => {
    const heard = listen();
    const { moments } = await commitAll(
      [
        { set: 'close|moved', inMs: 0 },
        { set: 'open|cancelled', inMs: 0 },
      ],
      [{ set: 'close|moved', inMs: 100 }, { cancel: 'open|cancelled' }],
      [{ set: 'look|last', inMs: 200 }],
    );
    await whileFiring(() =>
      until(async () => heard.some((alarm) => alarm?.name === 'look|last') && (await allDone())),
    );
    expect(heard).toEqual([
      { name: 'close|moved', dueAt: (moments[1] ?? 0) + 100 },
      { name: 'look|last', dueAt: (moments[2] ?? 0) + 200 },
    ]);
  });

  test('wakes no agent that alarms do not concern', async () => {
    const heard = listen({ timers: false });
    await commitAll([{ set: 'close|c', inMs: 0 }]);
    const { commands, partition } = each.engine;
    const read = async () => {
      const [group] = (await commands.xinfo('GROUPS', partition.feed)) as unknown[][];
      return group?.at(-1) === 0 && (await commands.zcard(partition.timers)) === 0;
    };
    await whileFiring(() => until(async () => (await read()) && (await allDone())));
    expect(heard).toEqual([]);
  });
});
