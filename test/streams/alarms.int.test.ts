// The way of an alarm from the commit that sets it to the agent it wakes: it rings once, and one that is
// taken out of the list is in the feed.

import { describe, expect, test } from 'vitest';
import type { CommitRequest, Task } from '../../core/ports.ts';
import { ringAlarms } from '../../streams/alarms.ts';
import { pausing } from '../../streams/line.ts';
import { alarmsOf } from '../support/engine.ts';
import { engineForEach, until } from '../support/engine-for-each.ts';
import { changed, createIn, request } from './event-log.contract.ts';

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

/** Rings until the work is done. */
async function whileRinging<T>(work: () => Promise<T>): Promise<T> {
  const { commands, partition } = each.engine;
  const stop = new AbortController();
  const options = { idle: pausing(50), signal: stop.signal, chance: () => 0 };
  const ringing = ringAlarms(commands, partition, options);
  return work().finally(async () => {
    stop.abort(new Error('enough'));
    await ringing;
  });
}

function listen(options: { alarms?: boolean } = {}) {
  const heard: Task['alarm'][] = [];
  const handle = async ({ alarm }: Task) => void heard.push(alarm);
  each.engine.consume({ name: 'one', wakes: [], alarms: true, handle, ...options });
  return heard;
}

const allDone = async () => (await each.pending()) === 0;

describe('an alarm that a commit sets', () => {
  const names = ['stage|a', 'open|b', 'close|c', 'look|d'];

  test('wakes once whoever is woken by alarms, with its name and moment, whatever it is for', async () => {
    const heard = listen();
    const { room, moments } = await commitAll(names.map((set, index) => ({ set, inMs: 10 * index })));
    await whileRinging(() => until(async () => heard.length >= names.length && (await allDone())));
    const due = (index: number) => (moments[0] ?? 0) + 10 * index;
    expect(heard).toEqual(names.map((name, index) => ({ name, dueAt: due(index) })));
    expect(await alarmsOf(each.engine.commands, each.engine.keys, room)).toEqual({});
  });

  test('waits in the feed where nobody was there when it rang', async () => {
    await commitAll([{ set: 'close|c', inMs: 0 }]);
    const { commands, partition } = each.engine;
    await whileRinging(() => until(async () => (await commands.zcard(partition.timers)) === 0));
    const heard = listen();
    await until(async () => heard.length > 0 && (await allDone()));
    expect(heard).toMatchObject([{ name: 'close|c' }]);
  });

  test('and sets again rings once, at the moment set last; cancelled it never rings', async () => {
    const heard = listen();
    const { moments } = await commitAll(
      [
        { set: 'close|moved', inMs: 0 },
        { set: 'open|cancelled', inMs: 0 },
      ],
      [{ set: 'close|moved', inMs: 100 }, { cancel: 'open|cancelled' }],
      [{ set: 'look|last', inMs: 200 }],
    );
    await whileRinging(() =>
      until(async () => heard.some((alarm) => alarm?.name === 'look|last') && (await allDone())),
    );
    expect(heard).toEqual([
      { name: 'close|moved', dueAt: (moments[1] ?? 0) + 100 },
      { name: 'look|last', dueAt: (moments[2] ?? 0) + 200 },
    ]);
  });

  test('wakes no agent that alarms do not concern', async () => {
    const heard = listen({ alarms: false });
    await commitAll([{ set: 'close|c', inMs: 0 }]);
    const { commands, partition } = each.engine;
    const read = async () => {
      const [group] = (await commands.xinfo('GROUPS', partition.feed)) as unknown[][];
      return group?.at(-1) === 0 && (await commands.zcard(partition.timers)) === 0;
    };
    await whileRinging(() => until(async () => (await read()) && (await allDone())));
    expect(heard).toEqual([]);
  });
});
