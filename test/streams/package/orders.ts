// A program that knows the engine by its package alone: it places orders, an agent pays each, and it prints
// what the logs say. `node orders.js <url> <orders> [<how many it pays before it dies>]`.

import { defineStream, openStore } from 'agent-arena-streams';
import { groupInfos } from 'agent-arena-streams/admin';
import { newTraceparent, openStream, pause, readAfter, runAgent } from 'agent-arena-streams/parts';
import { createMemoryLog } from 'agent-arena-streams/testing';
import { z } from 'zod';

interface Order {
  readonly status: 'none' | 'placed' | 'paid';
}
type OrderCommand = { readonly type: 'place'; readonly total: number } | { readonly type: 'pay' };

const orders = defineStream({
  name: 'orders',
  events: { OrderPlaced: z.object({ total: z.number() }), OrderPaid: z.object({ total: z.number() }) },
  initial: { status: 'none' } as Order,
  // The order's status is not asked on purpose: that an effect is there once is the engine's work.
  decide(command: OrderCommand) {
    return command.type === 'place'
      ? { key: 'place', events: [{ type: 'OrderPlaced', data: { total: command.total } }] }
      : { key: 'pay', events: [{ type: 'OrderPaid', data: { total: 42 } }] };
  },
  evolve: (_order: Order, event): Order => ({ status: event.type === 'OrderPaid' ? 'paid' : 'placed' }),
});

const [url = '', count = '0', diesAfter = 'never'] = process.argv.slice(2);
const ids = Array.from({ length: Number(count) }, (_, index) => `order-${index}`);
const stop = new AbortController();
const store = await openStore(url, stop.signal);
const opened = openStream(store, orders, { name: 'shop' });
await opened.ready(stop.signal);

const context = { by: 'shop', traceparent: newTraceparent() };
await Promise.all(ids.map((id) => opened.handler.handle(id, () => ({ type: 'place', total: 42 }), context)));

let paid = 0;
const options = {
  consumer: 'payment-1',
  by: 'payment',
  concurrency: 4,
  handlerMsMax: 5_000,
  report: () => undefined,
};
const running = runAgent(
  opened,
  {
    group: 'payment',
    wakes: new Set(['OrderPlaced']),
    timers: false,
    async handle(task) {
      const { status } = await task.submit(() => ({ type: 'pay' }));
      if (status === 'done') paid += 1;
      // The worst moment: the payment stands in the log, and the entry that asked for it is not acknowledged.
      if (String(paid) === diesAfter) process.kill(process.pid, 'SIGKILL');
    },
  },
  options,
  stop.signal,
);

const feeds = opened.keys.partitions.map(({ feed }) => feed);
const groups = async () => (await Promise.all(feeds.map((feed) => groupInfos(opened.commands, feed)))).flat();
const isIdle = async () => (await groups()).every(({ lag, pending }) => lag === 0 && pending === 0);
const paidAll = async () => {
  const heads = await Promise.all(ids.map((id) => opened.handler.load(id)));
  return heads.every(({ state }) => state.status === 'paid');
};
while (!((await paidAll()) && (await isIdle()))) await pause(20, stop.signal);

const logs = await Promise.all(ids.map((id) => readAfter(opened.log, id, 0)));
const inMemory = await createMemoryLog(orders).read('order-0', 0);
stop.abort();
await running;
opened.close();
store.close();
const told = logs.map((log) => log.map(({ type }) => type));
process.stdout.write(`${JSON.stringify({ node: process.version, paid, inMemory, logs: told })}\n`);
