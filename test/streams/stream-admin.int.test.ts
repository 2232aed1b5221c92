// What operators ask of one kind of stream: its timers, those that are overdue, and what a group has in hand.
// On one Valkey and on a cluster.

import { describe, expect, test } from 'vitest';
import { overdueTimersOf, pendingOf, timersOf } from '../../streams/admin.ts';
import { runAgent } from '../../streams/parts.ts';
import { startTestCluster } from '../support/cluster.ts';
import { endingOrders, report } from '../support/ending-orders.ts';
import { startTestValkey } from '../support/valkey.ts';

const places = [
  ['one Valkey', () => startTestValkey()],
  ['a cluster', () => startTestCluster()],
] as const;

describe.each(places)('on %s', (_where, start) => {
  const each = endingOrders(start);
  const { handle } = each;

  test('timers of a stream are told, and of all streams those that nothing has fired', async () => {
    await handle('order-1', 'place');
    await handle('order-10', 'place');
    const [timer] = await timersOf(each.opened, 'order-1');
    expect(timer).toEqual({ stream: 'order-1', name: 'remind', dueAt: expect.any(Number) });
    expect(await timersOf(each.opened, 'order-1')).toHaveLength(1);
    expect(await overdueTimersOf(each.opened)).toEqual([]);
    const now = await each.opened.log.now(null);
    for (const [stream, name, at] of [
      ['order-1', 'a|b', now - 60_000],
      ['order-10', 'just', now - 1_000],
    ] as const) {
      await each.opened.commands.zadd(each.opened.keys.of(stream).timers, at, `${stream}|${name}`);
    }
    const late = await overdueTimersOf(each.opened);
    expect(late).toEqual([
      { stream: 'order-1', name: 'a|b', dueAt: now - 60_000, lateMs: expect.any(Number) },
    ]);
    expect(late[0]?.lateMs).toBeGreaterThanOrEqual(60_000);
    const all = await overdueTimersOf(each.opened, { lateMs: 0 });
    expect(all.map(({ stream }) => stream).toSorted()).toEqual(['order-1', 'order-10']);
  });

  test('what a group has in hand of a stream is told with its tries, and of no other stream', async () => {
    const failed = Promise.withResolvers<void>();
    const again = Promise.withResolvers<void>();
    const agent = {
      group: 'shipping',
      wakes: new Set(['Placed'] as const),
      timers: false,
      async handle({ attempt }: { readonly attempt: number }) {
        if (attempt === 1) throw new Error('no van');
        failed.resolve();
        await again.promise;
      },
    };
    const options = { consumer: 'one', report, by: 'shipping', concurrency: 4, handlerMsMax: 60_000 };
    expect(await pendingOf(each.opened, 'order-1', { group: 'shipping' })).toEqual([]);
    each.running.push(runAgent(each.opened, agent, options, each.signal));
    await handle('order-1', 'place');
    await handle('order-2', 'place');
    await failed.promise;
    await expect
      .poll(() => pendingOf(each.opened, 'order-1', { group: 'shipping' }), { timeout: 10_000 })
      .toMatchObject([
        { group: 'shipping', consumer: 'one', starts: 2, exceptions: 1, lastError: 'Error: no van' },
      ]);
    again.resolve();
    await expect
      .poll(() => pendingOf(each.opened, 'order-1', { group: 'shipping' }), { timeout: 10_000 })
      .toEqual([]);
  }, 30_000);
});
