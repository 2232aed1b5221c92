// Orders that are paid, shipped or taken back, whatever is killed. `node shop.ts <url> <orders>` places that
// many, works until each is closed, and says how they ended; with 0 it works for others until SIGTERM.
// README.md beside it explains it step by step.

import { appendFileSync } from 'node:fs';
import { createEngine, defineStream, openStore } from 'agent-arena-streams';
import { z } from 'zod';

const shipWithinMs = Number(process.env['SHIP_WITHIN_MS'] ?? 2_000);
/** How long an order that has ended stays in the store. */
const keepMs = Number(process.env['KEEP_MS'] ?? 86_400_000);

// One stream for each order: what happened to it.
type Status = 'none' | 'placed' | 'paid' | 'cancelled' | 'closed';
type Order = { readonly status: Status; readonly paid: boolean };
type OrderCommand =
  | { type: 'place'; total: number }
  | { type: 'paid'; receipt: string }
  | { type: 'ship'; parcel: string }
  | { type: 'cancel'; why: string }
  | { type: 'undone' };

const orders = defineStream({
  name: 'orders',
  events: {
    Placed: z.object({ total: z.number() }),
    Paid: z.object({ receipt: z.string() }),
    Shipped: z.object({ parcel: z.string() }),
    Cancelled: z.object({ why: z.string() }),
    Undone: z.object({}),
  },
  initial: { status: 'none', paid: false } as Order,
  retention: { ends: ['Shipped', 'Undone'], afterMs: keepMs },
  decide(command: OrderCommand, { status }: Order) {
    switch (command.type) {
      case 'place':
        if (status !== 'none') return { rejected: 'placed_before' };
        return { key: 'place', events: [{ type: 'Placed', data: { total: command.total } }] };
      case 'paid':
        if (status !== 'placed') return { stale: true };
        // The time limit, in the same commit: the warehouse has so long. Shipping takes the timer back.
        return {
          key: 'pay',
          events: [{ type: 'Paid', data: { receipt: command.receipt } }],
          timers: [{ set: 'ship-by', inMs: shipWithinMs }],
        };
      case 'ship':
        if (status !== 'paid') return { rejected: 'not_paid' };
        return {
          key: 'ship',
          events: [{ type: 'Shipped', data: { parcel: command.parcel } }],
          timers: [{ cancel: 'ship-by' }],
        };
      case 'cancel':
        if (status !== 'placed' && status !== 'paid') return { stale: true };
        return { key: 'cancel', events: [{ type: 'Cancelled', data: { why: command.why } }] };
      case 'undone':
        if (status !== 'cancelled') return { stale: true };
        return { key: 'undo', events: [{ type: 'Undone', data: {} }] };
    }
  },
  evolve(order, event): Order {
    if (event.type === 'Paid') return { status: 'paid', paid: true };
    const after = { Placed: 'placed', Cancelled: 'cancelled', Shipped: 'closed', Undone: 'closed' } as const;
    return { ...order, status: after[event.type] };
  },
});

// One stream for each payment, under the id of its order. Its commands are the events that are wanted: each
// may follow one other alone.
const follows = {
  ChargeAsked: 'none',
  Charged: 'ChargeAsked',
  Refused: 'ChargeAsked',
  Settled: 'Charged',
  RefundAsked: 'Charged',
  Refunded: 'RefundAsked',
};
type PaymentCommand =
  | { type: 'ChargeAsked'; data: { total: number } }
  | { type: 'Charged'; data: { receipt: string } }
  | { type: 'Refused' | 'Settled' | 'RefundAsked' | 'Refunded'; data: Record<string, never> };
type Payment = { readonly last: string; readonly total: number };

const payments = defineStream({
  name: 'payments',
  events: {
    ChargeAsked: z.object({ total: z.number() }),
    Charged: z.object({ receipt: z.string() }),
    Refused: z.object({}),
    Settled: z.object({}),
    RefundAsked: z.object({}),
    Refunded: z.object({}),
  },
  initial: { last: 'none', total: 0 } as Payment,
  // Not 'Charged': what may still be asked for has not ended.
  retention: { ends: ['Refused', 'Settled', 'Refunded'], afterMs: keepMs },
  decide: (command: PaymentCommand, { last }) =>
    follows[command.type] === last ? { key: command.type, events: [command] } : { stale: true },
  evolve: (payment, { type, data }): Payment => ({ ...payment, ...data, last: type }),
});

const [url = 'redis://127.0.0.1:6379', count = '10', consumer = 'shop-1'] = process.argv.slice(2);
const ids = Array.from({ length: Number(count) }, (_, index) => `order-${index}`);
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const store = await openStore(url, stop.signal);
const engine = createEngine({ store, streams: [orders, payments], name: 'shop', consumer });
const shop = engine.stream(orders);
const till = engine.stream(payments);

/** The payment service. It knows a second call by its key; here it is a file with a line for each call. */
function callService(what: 'charge' | 'refund', key: string, total: number): string | null {
  if (total > 500) return null;
  appendFileSync('payments.txt', `${what} ${key} ${total}\n`);
  return `${what}-${key.slice(0, 8)}`;
}

// The process manager: it takes the order one step on for each thing that happens, here or to the payment.
shop.consume({
  group: 'payment',
  wakes: ['Placed'],
  async handle({ stream, events: [placed] }) {
    if (placed !== undefined) await till.handle(stream, { type: 'ChargeAsked', data: placed.data });
  },
});
till.consume({
  group: 'result',
  wakes: ['Charged', 'Refused', 'Refunded'],
  async handle({ stream, events }) {
    for (const { type, data } of events) {
      if (type === 'Charged') await shop.handle(stream, { type: 'paid', receipt: data.receipt });
      if (type === 'Refused') await shop.handle(stream, { type: 'cancel', why: 'payment_refused' });
      if (type === 'Refunded') await shop.handle(stream, { type: 'undone' });
    }
  },
});
shop.consume({
  group: 'warehouse',
  wakes: ['Paid'],
  // A signal from outside: in a real shop a webhook calls `shop.handle(id, { type: 'ship', … })`.
  async handle({ stream, submit }) {
    if (!stream.endsWith('4')) await submit({ type: 'ship', parcel: `parcel-${stream}` }, { last: true });
  },
});
shop.consume({
  group: 'settlement',
  wakes: ['Shipped'],
  handle: ({ stream }) => till.handle(stream, { type: 'Settled', data: {} }),
});
shop.consume({
  group: 'patience',
  timers: ['ship-by'],
  handle: ({ submit }) => submit({ type: 'cancel', why: 'not_shipped' }, { last: true }),
});
shop.consume({
  group: 'compensation',
  wakes: ['Cancelled'],
  async handle({ stream, load, submit }) {
    if ((await load()).state.paid) await till.handle(stream, { type: 'RefundAsked', data: {} });
    else await submit({ type: 'undone' }, { last: true });
  },
});
// The outside world is called in one place. What it said is kept: a retry after a crash does not call again.
till.consume({
  group: 'service',
  wakes: ['ChargeAsked', 'RefundAsked'],
  async handle({ events: [asked], load, once, submit }) {
    const { total } = (await load()).state;
    if (asked?.type === 'RefundAsked') {
      await once('refund', async ({ key }) => callService('refund', key, total));
      return submit({ type: 'Refunded', data: {} }, { last: true });
    }
    const receipt = await once('charge', async ({ key }) => callService('charge', key, total));
    if (receipt === null) return submit({ type: 'Refused', data: {} }, { last: true });
    return submit({ type: 'Charged', data: { receipt } }, { last: true });
  },
});

const outcomes: Record<string, number> = {};
async function see(id: string): Promise<void> {
  await shop.handle(id, { type: 'place', total: id.endsWith('7') ? 900 : 40 });
  for await (const { type, data } of shop.follow(id, { signal: stop.signal })) {
    const outcome = type === 'Cancelled' ? data.why : type === 'Shipped' ? 'shipped' : null;
    if (outcome !== null) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (type === 'Shipped' || type === 'Undone') return;
  }
}

await engine.ready(stop.signal);
console.log('ready');
const running = engine.run(stop.signal);
for (let at = 0; at < ids.length; at += 500) await Promise.all(ids.slice(at, at + 500).map(see));
if (ids.length > 0) await engine.untilIdle(stop.signal).finally(() => stop.abort());
await running;
await engine.close();
store.close();
console.log(JSON.stringify(outcomes));
