// A group that is paused, on one Valkey and on a cluster: an agent and a projector of a kind of stream that
// is no game.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { groupsOf } from '../../server/operate/groups.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { pausedGroups, pauseGroup, resumeGroup } from '../../streams/admin.ts';
import { defineStream, openStore, type Task } from '../../streams/engine.ts';
import { engineLimits, newTraceparent, openStream, runAgent, runProjector } from '../../streams/parts.ts';
import { primariesOf } from '../../streams/valkey/cluster.ts';
import { untilReady } from '../../streams/valkey/connection.ts';
import { startTestCluster } from '../support/cluster.ts';
import { startTestValkey } from '../support/valkey.ts';

// Its groups are listed by the operator of games, whose keys begin so.
const orders = defineStream({
  name: 'game',
  events: { Placed: z.object({ total: z.number() }) },
  initial: { placed: false },
  decide: (command: { total: number }) => ({ events: [{ type: 'Placed' as const, data: command }] }),
  evolve: () => ({ placed: true }),
});
type Orders = NonNullable<(typeof orders)['types']>;

const places = [
  ['one Valkey', () => startTestValkey(), 1],
  ['a cluster', () => startTestCluster(), 64],
] as const;

describe.each(places)('on %s', (_where, start, partitions) => {
  let server: { readonly url: string; stop(): Promise<void> };
  let store: Awaited<ReturnType<typeof openStore>>;
  let opened: ReturnType<typeof openStream<Orders>>;
  let stop: AbortController;
  let running: Promise<void>[];
  let order = 0;

  beforeAll(async () => {
    server = await start();
    store = await openStore(server.url, AbortSignal.timeout(10_000));
    opened = openStream(store, orders, { name: 'shop' });
    await untilReady(opened.commands, AbortSignal.timeout(10_000));
  }, 60_000);
  afterAll(async () => {
    opened.close();
    store.close();
    await server.stop();
  });
  beforeEach(() => {
    stop = new AbortController();
    running = [];
  });
  afterEach(async () => {
    stop.abort(new Error('the test is over'));
    await Promise.all(running);
    for (const { group } of await pausedGroups(opened.commands, opened.keys)) await resume(group);
  });

  const place = async () => {
    const stream = `order-${order++}`;
    await opened.handler.handle(stream, () => ({ total: 1 }), { by: 'web', traceparent: newTraceparent() });
    return stream;
  };
  const pauseAs = (group: string) => pauseGroup(opened.commands, opened.keys, { group, by: 'ada' });
  const resume = (group: string) => resumeGroup(opened.commands, opened.keys, group);
  const agent = (group: string, handle: (task: Task<Orders>) => Promise<void>, concurrency = 4) => {
    const wakes = new Set(['Placed'] as const);
    const options = {
      consumer: 'one',
      report: () => undefined,
      by: group,
      concurrency,
      handlerMsMax: 60_000,
    };
    running.push(runAgent(opened, { group, wakes, timers: false, handle }, options, stop.signal));
  };
  const projector = (group: string, work: (stream: string) => Promise<void>) => {
    const options = { consumer: 'one', report: () => undefined };
    running.push(runProjector(opened, { group, work }, options, stop.signal));
  };
  /** Ends all that runs here, as the end of a process does. */
  const endAll = async () => {
    stop.abort(new Error('the process ends'));
    await Promise.all(running);
    running = [];
    stop = new AbortController();
  };

  const looks = async (): Promise<number> => {
    const stats = await Promise.all(primariesOf(opened.commands).map((node) => node.info('commandstats')));
    const of = (text: string) => Number(/cmdstat_hexists:calls=(\d+)/.exec(text)?.[1] ?? 0);
    return stats.reduce((sum, text) => sum + of(text), 0);
  };
  /** Every consumer of one group has looked so often that a read from before the first look is over. */
  const looked = async () => {
    const before = await looks();
    await expect.poll(looks, { timeout: 20_000 }).toBeGreaterThanOrEqual(before + 3 * partitions);
  };

  test('an agent ends what it has, takes nothing new, and goes on after it', async () => {
    const held = Promise.withResolvers<void>();
    const begun: string[] = [];
    const ended: string[] = [];
    const group = 'payment';
    agent(group, async ({ stream }) => {
      begun.push(stream);
      await held.promise;
      ended.push(stream);
    });
    const first = await place();
    await expect.poll(() => begun, { timeout: 10_000 }).toEqual([first]);
    await pauseAs(group);
    await looked();
    const second = await place();
    held.resolve();
    await expect.poll(() => ended).toEqual([first]);
    await looked();
    expect(begun).toEqual([first]);
    const resumedAt = Date.now();
    expect(await resume(group)).toBe(true);
    await expect.poll(() => ended, { timeout: 10_000 }).toEqual([first, second]);
    expect(Date.now() - resumedAt).toBeLessThan(3 * engineLimits.pauseLookMs);
    expect(await resume(group)).toBe(false);
  }, 60_000);

  test('an agent that waited for a permit looks again when it has one', async () => {
    const held = Promise.withResolvers<void>();
    const begun: string[] = [];
    const group = 'shipping';
    await place();
    const handle = async ({ stream }: Task<Orders>) => {
      begun.push(stream);
      await held.promise;
    };
    agent(group, handle, 1);
    await expect.poll(() => begun.length, { timeout: 10_000 }).toBe(1);
    await place();
    await pauseAs(group);
    // The look before the permit was asked for is out of date by then.
    await sleep(engineLimits.pauseLookMs);
    held.resolve();
    await looked();
    expect(begun).toHaveLength(1);
  }, 60_000);

  test('a pause outlives processes, is shown with who is there, and holds back what was left pending', async () => {
    const group = 'billing';
    const begun: string[] = [];
    const started = Promise.withResolvers<void>();
    const only = await place();
    agent(group, async ({ stream }) => {
      if (stream !== only) return;
      started.resolve();
      await new Promise(() => undefined);
    });
    await started.promise;
    await endAll();
    await pauseAs(group);
    agent(group, async ({ stream }) => void begun.push(stream));
    await looked();
    expect(begun).toEqual([]);
    const at = expect.any(Number);
    expect(await pausedGroups(opened.commands, opened.keys)).toEqual([{ group, by: 'ada', at }]);
    const keys = createGameKeys(store);
    const shown = await groupsOf({ connection: opened.commands, keys });
    expect(shown.filter((look) => look.group === group && look.paused?.by === 'ada')).toHaveLength(
      partitions,
    );
    const heard = shown.flatMap((look) => (look.group === group ? [look.heardMs ?? Number.NaN] : []));
    expect(Math.max(...heard)).toBeLessThan(3 * engineLimits.pauseLookMs);
    await resume(group);
    await expect.poll(() => begun, { timeout: 20_000 }).toContain(only);
  }, 60_000);

  test('a projector waits as well', async () => {
    const group = 'totals';
    const seen: string[] = [];
    projector(group, async (stream) => void seen.push(stream));
    const first = await place();
    await expect.poll(() => seen, { timeout: 10_000 }).toContain(first);
    await pauseAs(group);
    await looked();
    const second = await place();
    await looked();
    expect(seen).not.toContain(second);
    await endAll();
    projector(group, async (stream) => void seen.push(stream));
    await looked();
    expect(seen).not.toContain(second);
    await resume(group);
    await expect.poll(() => seen, { timeout: 10_000 }).toContain(second);
  }, 60_000);

  test('a group that is none is refused', async () => {
    const refused = await pauseAs('nobody').catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'group_unknown', retryable: false });
    expect(await pausedGroups(opened.commands, opened.keys)).toEqual([]);
  });
});
