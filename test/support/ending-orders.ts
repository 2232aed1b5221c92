// Orders that end, on a store of a test's own: placed, shipped by an agent with a step outside, and taken out
// by their retention.

import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { z } from 'zod';
import { defineStream, openStore, type Task } from '../../streams/engine.ts';
import {
  keepStream,
  newTraceparent,
  openStream,
  type RetentionOptions,
  runAgent,
  runRetention,
} from '../../streams/parts.ts';
import { primariesOf } from '../../streams/valkey/cluster.ts';

type Order = { readonly status: 'none' | 'placed' | 'shipped' };
type Command = { readonly type: 'place' | 'ship' | 'reopen' | 'look' };

const orders = defineStream({
  name: 'orders',
  events: { Placed: z.object({}), Paid: z.object({}), Shipped: z.object({}), Seen: z.object({}) },
  quiet: ['Seen'],
  retention: { ends: ['Shipped'], afterMs: 50 },
  initial: { status: 'none' },
  decide({ type }: Command, { status }: Order) {
    if (type === 'place') {
      if (status !== 'none') return { rejected: 'placed_before' };
      return { key: 'place', events: [{ type: 'Placed', data: {} }] };
    }
    if (status === 'none') return { rejected: 'not_placed' };
    if (type === 'look') return { events: [{ type: 'Seen', data: {} }] };
    if (type === 'ship' && status === 'shipped') return { stale: true };
    if (type === 'reopen') return { events: [{ type: 'Paid', data: {} }] };
    const both = [
      { type: 'Paid', data: {} },
      { type: 'Shipped', data: {} },
    ] as const;
    return { events: both };
  },
  evolve: (order: Order, { type }): Order => {
    if (type === 'Seen') return order;
    return { status: type === 'Shipped' ? 'shipped' : 'placed' };
  },
  // One that nothing cancels: it must leave with its stream.
  effects: ({ type }) => ({
    meta: [],
    timers: type === 'Placed' ? [{ set: 'remind', inMs: 3_600_000 }] : [],
  }),
});
export type Orders = NonNullable<(typeof orders)['types']>;
export type Opened = ReturnType<typeof openStream<Orders>>;
export type Kept = { readonly stream: string; readonly events: readonly Orders['event'][] };

export const report = () => undefined;
export const context = () => ({ by: 'test', traceparent: newTraceparent() });

function shop(start: () => Promise<{ readonly url: string; stop(): Promise<void> }>) {
  let server: { readonly url: string; stop(): Promise<void> };
  let store: Awaited<ReturnType<typeof openStore>>;
  let opened: Opened;
  let stop: AbortController;
  let running: Promise<unknown>[];
  let others: Opened[];

  beforeAll(async () => {
    server = await start();
    store = await openStore(server.url, AbortSignal.timeout(10_000));
  }, 60_000);
  afterAll(async () => {
    store.close();
    await server.stop();
  });
  const open = async (name: string) => {
    const one = openStream(store, orders, { name });
    await one.ready(AbortSignal.timeout(10_000));
    others.push(one);
    return one;
  };
  beforeEach(async () => {
    [stop, running, others] = [new AbortController(), [], []];
    opened = await open('shop');
    await Promise.all(primariesOf(opened.commands).map((node) => node.flushall()));
  });
  afterEach(async () => {
    stop.abort(new Error('the test is over'));
    await Promise.all(running);
    for (const one of others) one.close();
  });
  return {
    get opened() {
      return opened;
    },
    get running() {
      return running;
    },
    get signal() {
      return stop.signal;
    },
    /** Ends everything that runs here. */
    end: () => stop.abort(new Error('enough')),
    open,
  };
}

/** Called once at the top of a suite: a store for all of its tests, emptied before each. */
export function endingOrders(start: () => Promise<{ readonly url: string; stop(): Promise<void> }>) {
  const each = shop(start);
  const handle = (stream: string, type: Command['type']) =>
    each.opened.handler.handle(stream, () => ({ type }), context());
  const finish = async (stream: string) => {
    await handle(stream, 'place');
    await handle(stream, 'ship');
  };
  const ship = (group = 'shipping', onShipped: (stream: string) => void = () => undefined) => {
    const agent = {
      group,
      wakes: new Set(['Placed'] as const),
      timers: true,
      async handle(task: Task<Orders>) {
        expect(task.timer?.name ?? null).toBeNull();
        await task.once('call', async () => 'a receipt');
        await task.submit(() => ({ type: 'ship' }), { last: true });
        onShipped(task.stream);
      },
    };
    const options = { consumer: 'one', report, by: group, concurrency: 16, handlerMsMax: 60_000 };
    each.running.push(runAgent(each.opened, agent, options, each.signal));
  };
  const retain = (
    options: Partial<RetentionOptions<Orders>> = {},
    { by = each.opened, signal = each.signal }: { by?: Opened; signal?: AbortSignal } = {},
  ) => {
    const ended = runRetention(by, { consumer: 'one', groups: [], report, ...options }, signal);
    each.running.push(ended.catch(() => undefined));
    return ended;
  };
  const keep = (groups: readonly string[] = []) =>
    each.running.push(keepStream(each.opened, { groups, report }, each.signal));
  const keysOf = async (stream: string) =>
    (await Promise.all(primariesOf(each.opened.commands).map((node) => node.keys(`*${stream}*`)))).flat();
  const gone = (stream: string) =>
    expect.poll(() => keysOf(stream), { timeout: 30_000, interval: 20 }).toEqual([]);

  return Object.assign(each, { handle, finish, ship, retain, keep, keysOf, gone });
}
