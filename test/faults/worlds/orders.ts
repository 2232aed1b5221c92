// The example of orders: placed, paid, shipped or taken back, by processes as an engineer runs them.
// Customers place orders through gates, look at them and cancel some; a parcel service ships some from
// outside.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Clients } from '../examples/clients.ts';
import { judgeOrders, unfinishedOrders } from '../examples/judge-orders.ts';
import { exampleWorld } from '../examples/world.ts';
import type { Random } from '../random.ts';
import { readLogs } from '../raw-log.ts';
import type { World } from '../world.ts';

/** The warehouse ships no order whose id ends so; the payment service refuses what is dearer than 500. */
const notShipped = '4';
const dear = 900;
const cheap = 40;
const lookMs = 150;
/** Long enough for a customer to change their mind, short enough that many come to their time limit. */
const shipWithinMs = 2_500;

export const world: World = exampleWorld({
  name: 'orders',
  example: {
    source: fileURLToPath(new URL('../../../streams/examples/orders/shop.ts', import.meta.url)),
    streams: 'shop',
  },
  commands: ['place', 'look', 'ship', 'cancel', 'resend'],
  streams: ['orders', 'payments'],
  env: { SHIP_WITHIN_MS: String(shipWithinMs) },
  flow: buy,
  unfinished: async ({ direct }) => unfinishedOrders(await readLogs(direct, 'orders')),
  async judge({ direct, folder }, history) {
    const [orders, payments] = await Promise.all([readLogs(direct, 'orders'), readLogs(direct, 'payments')]);
    const file = join(folder, 'payments.txt');
    const calls = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
    return judgeOrders({ orders, payments, calls, history });
  },
});

/** A customer: places an order, looks until it is paid or closed, and may have it shipped or cancelled. */
async function buy(clients: Clients, random: Random, at: number, signal: AbortSignal): Promise<void> {
  const last = random.next() < 0.4 ? notShipped : String(random.oneOf([1, 2, 3, 5, 6, 8]));
  const stream = `order-${at}-${last}`;
  const total = random.next() < 0.1 ? dear : cheap;
  const place = { type: 'place', total };
  await clients.send({ stream, name: 'place', command: place, key: `place-${at}` }, signal);
  for (let status = 'none'; status === 'none' || status === 'placed'; await sleep(lookMs)) {
    const seen = await clients.send({ stream, name: 'look', command: null, key: '' }, signal);
    if (seen === null) return;
    status = String(seen.state['status']);
  }
  const wish = random.next();
  await sleep(random.next() * shipWithinMs);
  if (signal.aborted) return;
  if (wish < 0.4) {
    const ship = { type: 'ship', parcel: `outside-${at}` };
    await clients.send({ stream, name: 'ship', command: ship, key: `ship-${at}` }, signal);
  } else if (wish < 0.8) {
    const cancel = { type: 'cancel', why: `customer-${at}` };
    await clients.send({ stream, name: 'cancel', command: cancel, key: `cancel-${at}` }, signal);
  }
}
