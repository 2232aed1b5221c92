// Judges orders and payments by the raw logs, the file of the payment service and what clients saw. Written
// from the README of the example; shares no code with the engine or the example.

import { brokenIn, type RawEvent, type RawLogs } from '../raw-log.ts';
import type { Verdict } from '../world.ts';
import type { Attempt } from './clients.ts';
import { judgeAttempts } from './judge-attempts.ts';

export interface OrdersSeen {
  readonly orders: RawLogs;
  readonly payments: RawLogs;
  /** Lines of the payment service: what, under which key, how much. */
  readonly calls: readonly string[];
  readonly history: readonly Attempt[];
}

/** What a log may be from its beginning to its end, its types joined by spaces. */
const orderWays = /^Placed (Paid Shipped|(Paid )?Cancelled Undone)$/;
const paymentWays = /^ChargeAsked (Refused|Charged (Settled|RefundAsked Refunded))$/;
/** The event that each command writes. */
const writes = { place: 'Placed', ship: 'Shipped', cancel: 'Cancelled' };

const typesOf = (events: readonly RawEvent[]): string[] => events.map(({ type }) => type);

export const unfinishedOrders = (orders: RawLogs): string[] =>
  [...orders].flatMap(([id, events]) => {
    const last = events.at(-1)?.type;
    return last === 'Shipped' || last === 'Undone' ? [] : [`${id} is at ${last}`];
  });

export function judgeOrders({ orders, payments, calls, history }: OrdersSeen): Verdict {
  const judged = judgeAttempts(orders, history, writes);
  const lost = [...judged.lost];
  const doubled = [...judged.doubled];
  const disorder = [...judged.disorder];
  for (const [kind, logs, ways] of [
    ['orders', orders, orderWays],
    ['payments', payments, paymentWays],
  ] as const) {
    for (const [id, events] of logs) {
      disorder.push(...brokenIn(`${kind} ${id}`, events));
      const types = typesOf(events);
      const twice = types.filter((type, at) => types.indexOf(type) !== at);
      if (twice.length > 0) doubled.push(`${kind} ${id}: ${twice.join(', ')} twice`);
      else if (!ways.test(types.join(' '))) disorder.push(`${kind} ${id}: ${types.join(' ')}`);
    }
  }
  for (const [id, events] of orders) {
    const payment = payments.get(id);
    if (payment === undefined) lost.push(`${id}: no payment was asked for`);
    else disorder.push(...disagreements(id, events, payment));
  }
  for (const id of payments.keys()) if (!orders.has(id)) disorder.push(`payment ${id} has no order`);
  const outside = judgeCalls(payments, calls);
  return {
    counts: {
      orders: orders.size,
      payments: payments.size,
      events: [...orders.values(), ...payments.values()].reduce((sum, events) => sum + events.length, 0),
      attempts: history.length,
      'calls outside': calls.length,
      'of them repeated': outside.repeated,
    },
    lost: [...lost, ...outside.lost],
    doubled: [...doubled, ...outside.doubled],
    disorder,
  };
}

/** An order and its payment have to tell one story. */
function disagreements(id: string, order: readonly RawEvent[], payment: readonly RawEvent[]): string[] {
  const has = (type: string) => order.some((event) => event.type === type);
  const paymentHas = (type: string) => payment.some((event) => event.type === type);
  const data = (events: readonly RawEvent[], type: string) =>
    events.find((event) => event.type === type)?.data;
  const rules: readonly (readonly [boolean, string])[] = [
    [has('Paid') === paymentHas('Charged'), 'paid is not charged'],
    [has('Shipped') === paymentHas('Settled'), 'shipped is not settled'],
    [(has('Paid') && has('Undone')) === paymentHas('Refunded'), 'taken back is not refunded'],
    [
      data(order, 'Paid')?.['receipt'] === data(payment, 'Charged')?.['receipt'],
      'the receipt of the order is not that of its payment',
    ],
    [
      data(order, 'Placed')?.['total'] === data(payment, 'ChargeAsked')?.['total'],
      'the total of the order is not that of its payment',
    ],
    [paymentHas('Refused') === (data(payment, 'ChargeAsked')?.['total'] === 900), 'refused for its price'],
  ];
  return rules.filter(([holds]) => !holds).map(([, rule]) => `${id}: ${rule}`);
}

/**
 * The service was called at least once for each charge and refund, and never under two keys for one: a
 * second call under the first one's key does nothing there.
 */
function judgeCalls(payments: RawLogs, calls: readonly string[]) {
  const keys = new Map<string, Set<string>>();
  for (const call of calls) {
    const [what = '', key = ''] = call.split(' ');
    keys.set(what, (keys.get(what) ?? new Set()).add(key));
  }
  const lost: string[] = [];
  const doubled: string[] = [];
  const receipts = new Set([...(keys.get('charge') ?? [])].map((key) => `charge-${key.slice(0, 8)}`));
  const told = { charge: 'Charged', refund: 'Refunded' };
  for (const [what, type] of Object.entries(told)) {
    const done = [...payments.values()].flat().filter((event) => event.type === type).length;
    const made = keys.get(what)?.size ?? 0;
    if (made < done) lost.push(`${done} ${type}, and the service was called for ${made}`);
    if (made > done) doubled.push(`${done} ${type}, and the service was called under ${made} keys`);
  }
  for (const [id, events] of payments) {
    const receipt = events.find(({ type }) => type === 'Charged')?.data['receipt'];
    if (receipt !== undefined && !receipts.has(String(receipt))) lost.push(`${id}: no call gave its receipt`);
  }
  const distinct = [...keys.values()].reduce((sum, one) => sum + one.size, 0);
  return { lost, doubled, repeated: calls.length - distinct };
}
