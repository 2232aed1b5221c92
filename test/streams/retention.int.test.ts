// Streams that have ended leave the store by themselves: archived first, whole, once every group has done its
// work with them, and nothing of them stays. On one Valkey and on a cluster.

import { describe, expect, test } from 'vitest';
import { createDeleteStream, groupInfos, pauseGroup, resumeGroup } from '../../streams/admin.ts';
import { engineLimits, newTraceparent, runAgent } from '../../streams/parts.ts';
import { callFunction } from '../../streams/valkey/functions.ts';
import { startTestCluster } from '../support/cluster.ts';
import { context, endingOrders, type Kept, type Orders, report } from '../support/ending-orders.ts';
import { startTestValkey } from '../support/valkey.ts';

const typesOf = (kept: readonly Kept[]) => kept.map(({ events }) => events.map(({ type }) => type));

const places = [
  ['one Valkey', () => startTestValkey()],
  ['a cluster', () => startTestCluster()],
] as const;

describe.each(places)('on %s', (_where, start) => {
  const each = endingOrders(start);
  const { open, handle, finish, ship, retain, keep, keysOf, gone } = each;

  test('a stream that has ended is archived whole and leaves with everything under its id', async () => {
    const kept: Kept[] = [];
    keep(['shipping']);
    ship();
    retain({ groups: ['shipping'], archive: async (stream, events) => void kept.push({ stream, events }) });
    await handle('order-1', 'place');
    await handle('order-2', 'place');
    await gone('order-');
    expect(new Set(kept.map(({ stream }) => stream))).toEqual(new Set(['order-1', 'order-2']));
    expect(typesOf(kept)).toEqual(new Array(2).fill(['Placed', 'Paid', 'Shipped']));
    const of = each.opened.keys.of('order-1');
    for (const key of [of.timers, of.timerNames, of.attempts, of.dead]) {
      await expect.poll(() => each.opened.commands.exists(key)).toBe(0);
    }
  }, 60_000);

  test('it stays where something that is not quiet follows its end; what is quiet keeps nothing', async () => {
    const handled: unknown[] = [];
    keep();
    retain({ report: (_what, { entry }) => void handled.push(entry) });
    await finish('order-1');
    await finish('order-2');
    await handle('order-1', 'reopen');
    await handle('order-2', 'look');
    await gone('order-2');
    // Also where the timer had fired before.
    const { timers, feed } = each.opened.keys.of('order-1');
    expect(await each.opened.commands.zrange(timers, 0, -1)).toEqual(['order-1|remind']);
    const fired = ['alarm', 'engine:retention', 'due', Date.now() + 1_000_000];
    const id = await each.opened.commands.xadd(feed, '*', 'stream', 'order-1', ...fired);
    await expect.poll(() => handled).toContain(id);
    expect((await each.opened.log.head('order-1'))?.rev).toBe(4);
    await handle('order-1', 'ship');
    await gone('order-1');
  }, 60_000);

  test('a process that dies between archive and deletion: the same again, and gone once', async () => {
    const kept: Kept[] = [];
    const held = Promise.withResolvers<void>();
    const first = Promise.withResolvers<void>();
    keep();
    const dead = await open('dead');
    const dies = async (stream: string, events: readonly Orders['event'][]) => {
      kept.push({ stream, events });
      first.resolve();
      await held.promise;
    };
    const dying = new AbortController();
    retain({ consumer: 'dead', archive: dies }, { by: dead, signal: dying.signal });
    await finish('order-1');
    await first.promise;
    // Neither renews nor releases anything from now on.
    dead.close();
    const alive = retain({
      consumer: 'alive',
      archive: async (stream, events) => void kept.push({ stream, events }),
    });
    await gone('order-1');
    expect(kept).toHaveLength(2);
    expect(kept[1]).toEqual(kept[0]);
    await finish('order-1');
    await handle('order-1', 'reopen');
    held.resolve();
    dying.abort(new Error('it is dead'));
    each.end();
    await alive;
    expect((await each.opened.log.head('order-1'))?.rev).toBe(4);
    expect(kept).toHaveLength(2);
  }, 60_000);

  test('one that was thought dead takes no second life of the id out', async () => {
    const held = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    keep();
    await finish('order-1');
    const ended = retain({
      consumer: 'slow',
      async archive() {
        asked.resolve();
        await held.promise;
      },
    });
    await asked.promise;
    const { rev, epoch } = (await each.opened.log.head('order-1')) ?? { rev: 0, epoch: '' };
    const names = each.opened.keys.of('order-1');
    const own = [names.log, names.meta, names.done, names.tokens, names.timers, names.timerNames, names.feed];
    const args = ['stream', 'order-1', rev, epoch, 'force', '', '', 1, 0, 0];
    expect(await callFunction(each.opened.commands, 'delete_stream', [...own, names.operations], args)).toBe(
      'deleted',
    );
    await handle('order-1', 'place');
    await handle('order-1', 'reopen');
    await handle('order-1', 'reopen');
    expect((await each.opened.log.head('order-1'))?.rev).toBe(rev);
    held.resolve();
    await expect
      .poll(async () => (await groupInfos(each.opened.commands, names.feed)).map(({ pending }) => pending))
      .toEqual([0]);
    expect((await each.opened.log.head('order-1'))?.rev).toBe(rev);
    each.end();
    await ended;
  }, 60_000);

  test('a group that lags, or has not begun, keeps a stream until it has caught up', async () => {
    const shipped: string[] = [];
    const kept: string[] = [];
    keep(['shipping', 'billing']);
    ship();
    const looks: string[] = [];
    retain({
      groups: ['shipping', 'billing'],
      archive: async (stream) => void kept.push(stream),
      report: (what) => void looks.push(what),
    });
    await handle('order-1', 'place');
    // It is looked at, twice, and put off.
    await expect
      .poll(() => looks.filter((what) => what === 'handled').length, { timeout: 20_000 })
      .toBeGreaterThan(1);
    expect(kept).toEqual([]);
    ship('billing', (stream) => shipped.push(stream));
    await gone('order-1');
    expect([shipped, kept]).toEqual([['order-1'], ['order-1']]);
    // Paused it keeps the next one.
    await pauseGroup(each.opened.commands, each.opened.keys, { group: 'billing', by: 'ada' });
    await new Promise((resolve) => setTimeout(resolve, 2 * engineLimits.pauseLookMs + engineLimits.blockMs));
    const before = looks.length;
    await handle('order-2', 'place');
    await expect.poll(() => looks.length, { timeout: 20_000 }).toBeGreaterThan(before + 1);
    expect([shipped, kept]).toEqual([['order-1'], ['order-1']]);
    await resumeGroup(each.opened.commands, each.opened.keys, 'billing');
    await gone('order-2');
    expect([shipped, kept]).toEqual([
      ['order-1', 'order-2'],
      ['order-1', 'order-2'],
    ]);
  }, 90_000);

  test('an entry that a handler has in hand keeps its stream', async () => {
    const held = Promise.withResolvers<void>();
    const kept: string[] = [];
    const looks: string[] = [];
    keep();
    const handler = async () => held.promise;
    const agent = { group: 'slow', wakes: new Set(['Shipped'] as const), timers: false, handle: handler };
    const options = { consumer: 'one', report, by: 'slow', concurrency: 16, handlerMsMax: 60_000 };
    each.running.push(runAgent(each.opened, agent, options, each.signal));
    await finish('order-1');
    retain({ archive: async (stream) => void kept.push(stream), report: (what) => void looks.push(what) });
    await expect.poll(() => looks.length, { timeout: 20_000 }).toBeGreaterThan(1);
    expect(kept).toEqual([]);
    held.resolve();
    await gone('order-1');
    expect(kept).toEqual(['order-1']);
  }, 60_000);

  test('an archive that rejects is tried again, and the stream stays until it has come through', async () => {
    const tries: number[] = [];
    keep();
    retain({
      async archive(_stream, events) {
        tries.push(events.length);
        if (tries.length < 3) throw new Error('no space left');
      },
      chance: () => 0,
    });
    await finish('order-1');
    await gone('order-1');
    expect(tries).toEqual([3, 3, 3]);
  }, 60_000);

  test('a late command finds nothing, or begins a second life, which ends as the first', async () => {
    const kept: Kept[] = [];
    keep();
    retain({ archive: async (stream, events) => void kept.push({ stream, events }) });
    await finish('order-1');
    await gone('order-1');
    expect(await handle('order-1', 'ship')).toMatchObject({ status: 'rejected', code: 'not_placed' });
    const seen = { key: 'seen', guards: [], events: [{ type: 'Seen', data: {} }] } as const;
    expect(await each.opened.handler.append('order-1', () => seen, context())).toEqual({
      status: 'refused',
      code: 'stream_missing',
    });
    expect(await keysOf('order-1')).toEqual([]);
    expect(await handle('order-1', 'place')).toMatchObject({ status: 'done' });
    expect(await handle('order-1', 'ship')).toMatchObject({ status: 'done', folded: { rev: 3 } });
    await gone('order-1');
    expect(typesOf(kept)).toEqual(new Array(2).fill(['Placed', 'Paid', 'Shipped']));
    expect(kept[0]?.events[0]?.id).not.toBe(kept[1]?.events[0]?.id);
  }, 60_000);

  test('a timer that an older process set outlives its stream: it fires, finds none, and is acknowledged', async () => {
    const told: string[] = [];
    let asked = 0;
    const agent = {
      group: 'patience',
      wakes: new Set<never>(),
      timers: true,
      async handle() {
        asked += 1;
      },
    };
    const { timers, timerNames, feed } = each.opened.keys.of('order-1');
    await handle('order-1', 'place');
    // Older versions kept no index by name, which a stream's deletion goes by.
    await each.opened.commands.zrem(timerNames, 'order-1|remind');
    const { rev } = (await each.opened.log.head('order-1')) ?? { rev: 0 };
    const { commands, keys, definition } = each.opened;
    const deleteStream = createDeleteStream(commands, keys, definition);
    expect(await deleteStream('order-1', { rev, epoch: null, how: 'force' })).toBe('deleted');
    expect(await commands.zrange(timers, 0, -1)).toEqual(['order-1|remind']);
    await commands.zadd(timers, 1, 'order-1|remind');
    keep();
    const options = { consumer: 'one', by: 'patience', concurrency: 16, handlerMsMax: 60_000 };
    const heard = (what: string) => void told.push(what);
    each.running.push(runAgent(each.opened, agent, { ...options, report: heard }, each.signal));
    await expect.poll(() => told, { timeout: 10_000 }).toEqual(['gone']);
    const left = async () => (await groupInfos(commands, feed)).map(({ lag, pending }) => lag + pending);
    await expect.poll(left).toEqual([0]);
    expect([asked, await commands.exists(timers)]).toEqual([0, 0]);
  }, 30_000);

  test('an entry that points into a stream that left is acknowledged, and no handler is asked', async () => {
    const looks: string[] = [];
    let asked = 0;
    const { feed } = each.opened.keys.of('order-9');
    const fields = [
      'stream',
      'order-9',
      'first',
      1,
      'last',
      1,
      'types',
      'Placed',
      'traceparent',
      newTraceparent(),
    ];
    await each.opened.commands.xadd(feed, '*', ...fields);
    const agent = {
      group: 'late',
      wakes: new Set(['Placed'] as const),
      timers: false,
      async handle() {
        asked += 1;
        throw new Error('there is nothing');
      },
    };
    const options = { consumer: 'one', by: 'late', concurrency: 16, handlerMsMax: 60_000 };
    const told = (what: string) => void looks.push(what);
    each.running.push(runAgent(each.opened, agent, { ...options, report: told }, each.signal));
    await expect.poll(() => looks, { timeout: 10_000 }).toEqual(['gone']);
    expect(asked).toBe(0);
  }, 30_000);
});
