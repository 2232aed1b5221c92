// A rate is one for all processes of an agent, measured by the store's own clock; what is over it waits
// without costing anybody anything. On one Valkey and on a cluster.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { groupInfos, pauseGroup, resumeGroup } from '../../streams/admin.ts';
import { defineStream, openStore, type Rate, type Task } from '../../streams/engine.ts';
import { engineLimits, newTraceparent, openStream, runAgent, type ValkeyNode } from '../../streams/parts.ts';
import { primariesOf } from '../../streams/valkey/cluster.ts';
import { startTestCluster } from '../support/cluster.ts';
import { startTestValkey } from '../support/valkey.ts';

const calls = defineStream({
  name: 'calls',
  events: { Asked: z.object({}) },
  initial: {},
  decide: (_command: 'ask') => ({ events: [{ type: 'Asked' as const, data: {} }] }),
  evolve: (state: object) => state,
});
type Calls = NonNullable<(typeof calls)['types']>;
type Opened = ReturnType<typeof openStream<Calls>>;

const places = [
  ['one Valkey', () => startTestValkey()],
  ['a cluster', () => startTestCluster()],
] as const;

/** What is counted together: the beginning of an id. */
const perKey: NonNullable<Rate<Calls>['perKey']> = ({ stream }) => stream.split('-')[0] ?? '';

describe.each(places)('on %s', (_where, start) => {
  let server: { readonly url: string; stop(): Promise<void> };
  let store: Awaited<ReturnType<typeof openStore>>;
  let opened: Opened;
  let ends: (() => Promise<void>)[];
  let asked: string[];
  let reports: string[];

  beforeAll(async () => {
    server = await start();
    store = await openStore(server.url, AbortSignal.timeout(10_000));
  }, 60_000);
  afterAll(async () => {
    store.close();
    await server.stop();
  });
  const open = async (name: string) => {
    const one = openStream(store, calls, { name });
    await one.ready(AbortSignal.timeout(10_000));
    ends.push(async () => one.close());
    return one;
  };
  beforeEach(async () => {
    [ends, asked, reports] = [[], [], []];
    opened = await open('asking');
    await Promise.all(primariesOf(opened.commands).map((node) => node.flushall()));
  });
  afterEach(async () => {
    for (const end of ends.reverse()) await end();
  });

  const ask = (stream: string) =>
    opened.handler.handle(stream, () => 'ask', { by: 'test', traceparent: newTraceparent() });
  /** Streams of one key, on a cluster in many partitions. */
  const askAll = (key: string, count: number) =>
    Promise.all(Array.from({ length: count }, (_, index) => ask(`${key}-${index}`)));
  const handled = async (task: Task<Calls>) => void asked.push(`${task.stream} ${task.attempt}`);
  /** An agent in what stands for a process of its own. */
  const answer = async (
    rate: Rate<Calls>,
    {
      name = 'one',
      concurrency = 4,
      handle = handled,
    }: { name?: string; concurrency?: number; handle?: (task: Task<Calls>) => Promise<void> } = {},
  ): Promise<() => Promise<void>> => {
    const own = await open(name);
    const stop = new AbortController();
    const agent = { group: 'model', wakes: new Set(['Asked'] as const), timers: false, handle };
    const report = (what: string) => void reports.push(what);
    const options = { consumer: name, report, by: 'model', concurrency, handlerMsMax: 60_000, rate };
    const running = runAgent(own, agent, options, stop.signal);
    const end = async () => {
      stop.abort(new Error('enough'));
      await running;
    };
    ends.push(end);
    return end;
  };
  /** The moments (µs of the store's clock) at which starts were counted, by key. */
  const watch = async (intervalMicros: number) => {
    const starts = new Map<string, number[]>();
    for (const node of primariesOf(opened.commands)) {
      const asking = node.duplicate({ connectionName: '' });
      const monitor: ValkeyNode = await asking.monitor();
      for (const one of [asking, monitor]) one.on('error', () => undefined);
      monitor.on('monitor', (_time: string, [command, key = '', value]: string[]) => {
        if (!/^set$/i.test(command ?? '') || !key.includes(':rate:')) return;
        starts.set(key, [...(starts.get(key) ?? []), Number(value) - intervalMicros]);
      });
      ends.push(async () => {
        for (const one of [asking, monitor]) one.disconnect();
      });
    }
    return starts;
  };
  const rateKeys = async () =>
    (await Promise.all(primariesOf(opened.commands).map((node) => node.keys('*:rate:*')))).flat();

  test('what waits for it when its group is paused comes to its end, by its rate, and nothing new begins', async () => {
    const rate = { count: 1, perMs: 1_500, perKey };
    const starts = await watch(1_500_000);
    await answer(rate);
    await askAll('key', 4);
    const groups = async () =>
      (await Promise.all(opened.keys.partitions.map(({ feed }) => groupInfos(opened.commands, feed)))).flat();
    const unread = async () => (await groups()).reduce((sum, { lag }) => sum + lag, 0);
    const held = async () => (await groups()).reduce((sum, { pending }) => sum + pending, 0);
    await expect.poll(async () => [await unread(), await held()], { timeout: 10_000 }).toEqual([0, 3]);
    await pauseGroup(opened.commands, opened.keys, { group: 'model', by: 'ada' });
    // From then on no look and no read is under way that began before.
    await sleep(2 * engineLimits.pauseLookMs + engineLimits.blockMs);
    await ask('late-0');
    await expect.poll(held, { timeout: 20_000 }).toBe(0);
    expect(asked.toSorted()).toEqual([0, 1, 2, 3].map((index) => `key-${index} 1`));
    const [moments = []] = starts.values();
    const gaps = moments.slice(1).map((at, index) => at - (moments[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_500_000);
    expect(gaps).toHaveLength(3);
    expect(await unread()).toBe(1);
    expect(await resumeGroup(opened.commands, opened.keys, 'model')).toBe(true);
    await expect.poll(() => asked, { timeout: 10_000 }).toContain('late-0 1');
  }, 60_000);

  test('two processes share it: in no window are there more starts than it says', async () => {
    const rate = { count: 5, perMs: 400, perKey };
    const starts = await watch(80_000);
    const by = new Set<string>();
    const as = (name: string) => ({
      name,
      async handle(task: Task<Calls>) {
        by.add(name);
        await handled(task);
      },
    });
    await answer(rate, as('one'));
    await answer(rate, as('two'));
    await askAll('key', 24);
    await expect.poll(() => asked.length, { timeout: 20_000 }).toBe(24);
    expect(new Set(asked)).toEqual(new Set(Array.from({ length: 24 }, (_, index) => `key-${index} 1`)));
    expect(by.size).toBe(2);
    const [moments = []] = starts.values();
    expect([starts.size, moments.length]).toEqual([1, 24]);
    const crowded = moments.filter((at, index) => (moments[index + 5] ?? at + 400_000) - at < 400_000);
    expect(crowded).toEqual([]);
    // It is used, too: mostly not idle for as long as two starts; a busy machine makes some pauses longer.
    const gaps = moments.slice(1).map((at, index) => at - (moments[index] ?? at));
    expect(gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)]).toBeLessThan(160_000);
    await expect.poll(rateKeys, { timeout: 5_000 }).toEqual([]);
  }, 60_000);

  test('a burst may follow a rest, and no more than that', async () => {
    const starts = await watch(100_000);
    await answer({ count: 10, perMs: 1_000, burst: 3 });
    await askAll('key', 9);
    await expect.poll(() => asked.length, { timeout: 20_000 }).toBe(9);
    // What is kept moves on by an interval with each start, so the starts themselves are never more.
    const [moments = []] = starts.values();
    expect(moments).toHaveLength(9);
    const gaps = moments.slice(1).map((at, index) => at - (moments[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100_000);
  }, 60_000);

  test('a key that is over its rate holds up no other, with one permit for all', async () => {
    await answer({ count: 1, perMs: 1_000, perKey }, { concurrency: 1 });
    await askAll('slow', 6);
    await expect.poll(() => asked.length).toBe(1);
    await askAll('quick', 1);
    await expect.poll(() => asked.some((one) => one.startsWith('quick')), { timeout: 3_000 }).toBe(true);
    expect(asked.length).toBeLessThan(6);
  }, 60_000);

  test('what waits is given up at once where its process ends, and no start of it was counted', async () => {
    const end = await answer({ count: 1, perMs: 60_000 });
    await askAll('key', 8);
    await expect.poll(() => asked.length).toBe(1);
    const pending = async () => {
      const counts = await Promise.all(
        opened.keys.partitions.map(async ({ feed }) =>
          Number((await opened.commands.xpending(feed, 'model'))[0]),
        ),
      );
      return counts.reduce((sum, count) => sum + count, 0);
    };
    await expect.poll(pending).toBe(7);
    const since = performance.now();
    await end();
    expect(performance.now() - since).toBeLessThan(engineLimits.drainMs);
    await answer({ count: 1_000, perMs: 1, burst: 1 }, { name: 'two' });
    await Promise.all((await rateKeys()).map((key) => opened.commands.del(key)));
    await expect.poll(() => asked.length, { timeout: 4_500 }).toBe(8);
    expect(asked.filter((one) => !one.endsWith(' 1'))).toEqual([]);
    expect(reports.filter((what) => what !== 'handled' && what !== 'claimed')).toEqual([]);
  }, 60_000);

  test('what waits for longer than a lease keeps it', async () => {
    const rate = { count: 1, perMs: engineLimits.leaseMs + 1_500 };
    await answer(rate);
    await answer(rate, { name: 'two' });
    await askAll('key', 2);
    // Nobody claimed it, and nobody lost it.
    await expect.poll(() => reports, { timeout: 20_000 }).toEqual(['handled', 'handled']);
  }, 60_000);

  test('a key that cannot be told is an exception of its entry', async () => {
    const broken = () => {
      throw new Error('no customer');
    };
    await answer({ count: 1, perMs: 1, perKey: broken });
    await ask('key-0');
    await expect.poll(() => reports, { timeout: 20_000 }).toContain('dead_lettered');
    expect(reports).toEqual([...new Array(engineLimits.exceptionsMax - 1).fill('retry'), 'dead_lettered']);
    expect(asked).toEqual([]);
  }, 60_000);
});

test('no process takes more than it may keep waiting', async () => {
  const server = await startTestValkey();
  const store = await openStore(server.url, AbortSignal.timeout(10_000));
  const opened = openStream(store, calls, { name: 'bounded' });
  await opened.ready(AbortSignal.timeout(10_000));
  const stop = new AbortController();
  const context = { by: 'test', traceparent: newTraceparent() };
  const count = 2 * engineLimits.ratedInHandMax;
  for (let index = 0; index < count; index++) await opened.handler.handle(`a-${index}`, () => 'ask', context);
  const handle = async () => undefined;
  const agent = { group: 'model', wakes: new Set(['Asked'] as const), timers: false, handle };
  const rate = { count: 1, perMs: 60_000 };
  const options = {
    consumer: 'one',
    report: () => undefined,
    by: 'model',
    concurrency: 4,
    handlerMsMax: 60_000,
  };
  const running = runAgent(opened, agent, { ...options, rate }, stop.signal);
  const { feed } = opened.keys.of('a-0');
  const taken = async () => {
    const [group] = await groupInfos(opened.commands, feed);
    return count - (group?.lag ?? count);
  };
  await expect.poll(taken, { timeout: 30_000 }).toBeGreaterThanOrEqual(engineLimits.ratedInHandMax);
  // It would take the rest by then: as many as before, and it only has to look.
  await sleep(engineLimits.blockMs);
  expect(await taken()).toBeLessThanOrEqual(engineLimits.ratedInHandMax + engineLimits.takeEntriesMax);
  stop.abort(new Error('enough'));
  await running;
  opened.close();
  store.close();
  await server.stop();
}, 60_000);

test.each([
  [{ count: 0, perMs: 1 }, 'count is a whole number from 1, not 0'],
  [{ count: 1, perMs: 0.5 }, 'perMs is a whole number from 1, not 0.5'],
  [{ count: 1, perMs: 1, burst: -1 }, 'burst is a whole number from 1, not -1'],
])('a rate %o is refused where the agent begins', (rate, said) => {
  const agent = { group: 'model', wakes: new Set<never>(), timers: false, handle: async () => undefined };
  const options = {
    consumer: 'one',
    report: () => undefined,
    by: 'model',
    concurrency: 1,
    handlerMsMax: 1,
    rate,
  };
  expect(() => runAgent({} as never, agent, options, new AbortController().signal)).toThrow(said);
});
