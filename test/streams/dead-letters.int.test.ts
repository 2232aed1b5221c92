// Dead letters of any kind of stream, as operators handle them: put back once, counted by themselves, and not
// put back for a stream that has left the store. On one Valkey and on a cluster.

import { describe, expect, test } from 'vitest';
import { createDeleteStream, deadLettersOf, dropDeadLetter, requeueDeadLetter } from '../../streams/admin.ts';
import { Fault } from '../../streams/engine.ts';
import { runAgent } from '../../streams/parts.ts';
import { startTestCluster } from '../support/cluster.ts';
import { endingOrders } from '../support/ending-orders.ts';
import { startTestValkey } from '../support/valkey.ts';

const places = [
  ['one Valkey', () => startTestValkey()],
  ['a cluster', () => startTestCluster()],
] as const;
const by = 'ada';

describe.each(places)('on %s', (_where, start) => {
  const each = endingOrders(start);
  const { handle, keep } = each;
  const letters = () => deadLettersOf(each.opened);
  const someLetters = (count: number) =>
    expect.poll(async () => (await letters()).length, { timeout: 10_000 }).toBe(count);
  const rawLetter = (fields: Readonly<Record<string, string | number>>) => {
    const { dead } = each.opened.keys.of('order-1');
    return each.opened.commands.xadd(dead, '*', ...Object.entries(fields).flat());
  };
  const pointer = JSON.stringify({ kind: 'alarm', name: 'remind', dueAt: 1 });
  const timerLetter = { group: 'shipping', stream: 'order-1', pointer };
  const deleteStream = async (stream: string) => {
    const { rev } = (await each.opened.log.head(stream)) ?? { rev: 0 };
    const { commands, keys, definition } = each.opened;
    const deleting = { rev, epoch: null, how: 'force' } as const;
    expect(await createDeleteStream(commands, keys, definition)(stream, deleting)).toBe('deleted');
  };
  /** Fails at each entry of an order for good, as long as it is told to. */
  const unwell = (isSo: () => boolean) => {
    const seen: (readonly [stream: string, what: string])[] = [];
    const agent = {
      group: 'shipping',
      wakes: new Set(['Placed'] as const),
      timers: true,
      async handle({ stream }: { readonly stream: string }) {
        if (isSo()) throw new Fault('unwell', `${stream} cannot be shipped`, { retryable: false });
        seen.push([stream, 'handled']);
      },
    };
    const report = (what: string) => void (what === 'gone' && seen.push(['', what]));
    const options = { consumer: 'one', report, by: 'shipping', concurrency: 4, handlerMsMax: 60_000 };
    each.running.push(runAgent(each.opened, agent, options, each.signal));
    return seen;
  };

  test('two operators put a letter back at once: one does, and its count goes with it', async () => {
    let ill = true;
    const seen = unwell(() => ill);
    await handle('order-1', 'place');
    await someLetters(1);
    for (const before of [0, 1, 2]) {
      const [letter] = await letters();
      if (letter === undefined) throw new Error('no letter');
      expect(letter).toMatchObject({ stream: 'order-1', group: 'shipping', requeues: before });
      ill = before < 2;
      const both = [by, 'bo'].map((who) => requeueDeadLetter(each.opened, letter, { by: who }));
      expect((await Promise.all(both)).toSorted()).toEqual(['gone', 'requeued']);
      await (before < 2 ? someLetters(1) : expect.poll(() => seen).toEqual([['order-1', 'handled']]));
    }
    const { attempts } = each.opened.keys.of('order-1');
    await expect.poll(() => each.opened.commands.hkeys(attempts)).toEqual([]);
  }, 30_000);

  test('a letter of a stream that has left the store is not put back, and says so', async () => {
    const seen = unwell(() => true);
    await handle('order-1', 'place');
    await someLetters(1);
    await rawLetter(timerLetter);
    await deleteStream('order-1');
    const all = await letters();
    expect(all).toHaveLength(2);
    for (const letter of all) expect(await requeueDeadLetter(each.opened, letter, { by })).toBe('no_stream');
    expect(await letters()).toEqual(all);
    for (const letter of all) expect(await dropDeadLetter(each.opened, letter, { by })).toBe(true);
    for (const letter of all) expect(await dropDeadLetter(each.opened, letter, { by })).toBe(false);
    for (const letter of all) expect(await requeueDeadLetter(each.opened, letter, { by })).toBe('gone');
    expect([await letters(), seen]).toEqual([[], []]);
  }, 30_000);

  test('a timer that was put back before its stream left finds none, and its entry is acknowledged', async () => {
    await handle('order-1', 'place');
    await rawLetter(timerLetter);
    const [letter] = await letters();
    if (letter === undefined) throw new Error('no letter');
    expect(await requeueDeadLetter(each.opened, letter, { by })).toBe('requeued');
    await deleteStream('order-1');
    const seen = unwell(() => false);
    // Both: of the order's event, and of its timer.
    await expect
      .poll(() => seen, { timeout: 10_000 })
      .toEqual([
        ['', 'gone'],
        ['', 'gone'],
      ]);
  }, 30_000);

  test('what nobody can read is not put back, and is dropped', async () => {
    await rawLetter({ group: 'shipping', stream: '', pointer: '?', requeues: 0 });
    const [letter] = await letters();
    if (letter === undefined) throw new Error('no letter');
    expect(await requeueDeadLetter(each.opened, letter, { by })).toBe('unreadable');
    expect(await dropDeadLetter(each.opened, letter, { by })).toBe(true);
    expect(await letters()).toEqual([]);
  });

  test('what older versions counted beside the letters counts on, and goes with the last such letter', async () => {
    await handle('order-1', 'place');
    const { attempts, feed } = each.opened.keys.of('order-1');
    const old = `requeued:shipping:order-1:${pointer}`;
    const ofNone = `requeued:shipping:order-2:${pointer}`;
    const ofAGroup = 'requeued:1-0:x';
    const counts = { [old]: 2, [ofNone]: 3, [ofAGroup]: 1 };
    await each.opened.commands.hset(attempts, counts);
    await rawLetter(timerLetter);
    expect(await letters()).toMatchObject([{ requeues: 2 }]);
    keep();
    const fields = async () => (await each.opened.commands.hkeys(attempts)).toSorted();
    await expect.poll(fields, { timeout: 10_000 }).toEqual([ofAGroup, old].toSorted());
    const [letter] = await letters();
    if (letter === undefined) throw new Error('no letter');
    expect(await requeueDeadLetter(each.opened, letter, { by })).toBe('requeued');
    const [entry] = await each.opened.commands.xrevrange(feed, '+', '-', 'COUNT', 1);
    expect(entry?.[1].join(' ')).toContain('requeues 3');
    // As each process does at its start.
    keep();
    await expect.poll(fields, { timeout: 10_000 }).toEqual([ofAGroup]);
  }, 30_000);
});
