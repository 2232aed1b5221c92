// The judges of the examples: a good history passes, and each way to be wrong is told as what it is.

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { RawEvent } from '../raw-log.ts';
import type { Attempt } from './clients.ts';
import { judgeOrders, type OrdersSeen } from './judge-orders.ts';
import { judgeResearch, type ResearchSeen } from './judge-research.ts';

type Told = readonly [type: string, data?: Readonly<Record<string, unknown>>];

/** A log as `commit` writes it: numbered, and each entry with the hash of all before. */
function log(...events: readonly Told[]): RawEvent[] {
  let seal = '';
  return events.map(([type, data = {}], index) => {
    const at = String(1_000 + index);
    const text = JSON.stringify({ data });
    seal = createHash('sha1').update(`${seal}|${type}|${at}|${text}`).digest('hex');
    return { id: `${index + 1}-0`, type, at, text, data, seal };
  });
}

type Reply = NonNullable<Attempt['reply']>;
const silent: Reply = {
  n: 1,
  status: 'dup',
  events: [],
  rev: 0,
  state: {},
  why: '',
  retryable: false,
};
const place = { type: 'place', total: 40 };
const placed: Attempt = {
  stream: 'order-1',
  command: place,
  key: 'place-1',
  sentMs: 0,
  endedMs: 1,
  outcome: 'ok',
  reply: { ...silent, status: 'done', rev: 1, events: [{ rev: 1, type: 'Placed', data: { total: 40 } }] },
};
const read = (rev: number): Attempt => ({
  ...placed,
  command: null,
  sentMs: 5,
  endedMs: 6,
  reply: { ...silent, status: 'state', rev },
});

const bought: readonly Told[] = [
  ['Placed', { total: 40 }],
  ['Paid', { receipt: 'charge-abcdefgh' }],
  ['Shipped', { parcel: 'p' }],
];
const charged: readonly Told[] = [
  ['ChargeAsked', { total: 40 }],
  ['Charged', { receipt: 'charge-abcdefgh' }],
  ['Settled'],
];

const judge = (change: Partial<OrdersSeen>) =>
  judgeOrders({
    orders: new Map([['order-1', log(...bought)]]),
    payments: new Map([['order-1', log(...charged)]]),
    calls: ['charge abcdefgh 40'],
    history: [placed, read(3)],
    ...change,
  });
const orders = (...events: readonly Told[]) => ({ orders: new Map([['order-1', log(...events)]]) });
const clean = { lost: [], doubled: [], disorder: [] };

describe('the judge of orders', () => {
  test('objects to nothing where nothing is wrong, repeated calls under one key included', () => {
    expect(judge({})).toMatchObject(clean);
    const calls = ['charge abcdefgh 40', 'charge abcdefgh 40'];
    expect(judge({ calls })).toMatchObject({ ...clean, counts: { 'of them repeated': 1 } });
  });

  test('tells a loss: acknowledged and not there, or not as it was acknowledged', () => {
    const gone = judge({ orders: new Map(), payments: new Map(), calls: [] });
    expect(gone.lost.join()).toContain('it was acknowledged and is not there');
    const [, ...rest] = bought;
    expect(judge(orders(['Placed', { total: 41 }], ...rest)).lost.join()).toContain(
      'Placed was acknowledged at 1',
    );
    expect(judge({ history: [placed, read(4)] }).lost.join()).toContain('revision 4 was told');
    expect(judge({ calls: [] }).lost.join()).toContain('the service was called for 0');
  });

  test('tells a double: in the log, to clients, and outside', () => {
    const [first = ['Placed']] = bought;
    expect(judge(orders(first, ...bought)).doubled.join()).toContain('Placed twice');
    expect(judge({ history: [placed, placed] }).doubled.join()).toContain('told to be done 2 times');
    const calls = ['charge abcdefgh 40', 'charge other 40'];
    expect(judge({ calls }).doubled.join()).toContain('under 2 keys');
  });

  test('tells a broken order: gaps, changed entries, forbidden ways, reads that go back', () => {
    const [first, second, third] = log(...bought) as [RawEvent, RawEvent, RawEvent];
    const broken = (events: RawEvent[]) => judge({ orders: new Map([['order-1', events]]) }).disorder.join();
    expect(broken([first, { ...second, id: '3-0' }, third])).toContain('entry 3-0 stands at place 2');
    expect(broken([first, { ...second, text: '{"data":{}}' }, third])).toContain('the hash of 2-0');
    expect(broken([first, second, { ...third, at: '5' }])).toContain('time goes back at 3-0');
    expect(judge(orders(...bought.toReversed())).disorder.join()).toContain('Shipped Paid Placed');
    const late = { ...placed, endedMs: 4, reply: { ...silent, rev: 3 } };
    expect(judge({ history: [placed, late, read(1)] }).disorder.join()).toContain('1 read after it');
  });

  test('tells a command that was told to do nothing and did something', () => {
    const stale: Attempt = { ...placed, reply: { ...silent, status: 'stale' } };
    expect(judge({ history: [stale] }).disorder.join()).toContain('it was told to do nothing');
    // With one sending that nobody answered, either is true.
    const unknown: Attempt = { ...placed, outcome: 'unknown', reply: null };
    expect(judge({ history: [stale, unknown] })).toMatchObject(clean);
  });

  test('tells an order and a payment that disagree', () => {
    const payments = new Map([['order-1', log(['ChargeAsked', { total: 40 }], ['Refused'])]]);
    expect(judge({ payments, calls: [] }).disorder.join()).toContain('paid is not charged');
  });
});

const question = 'Why?';
const answered: readonly Told[] = [
  ['Asked', { question }],
  ['Sourced', { sources: ['reply-1'] }],
  ['Drafted', { round: 1, text: 'reply-2' }],
  ['Approved', { by: 'a' }],
  ['Published', { text: 'reply-2' }],
];
const calls = [
  { asked: 'Name two sources on: Why?', said: 'reply-1' },
  { asked: 'Answer "Why?" from reply-1. ', said: 'reply-2' },
];
const judged = (change: Partial<ResearchSeen>) =>
  judgeResearch({ logs: new Map([['q', log(...answered)]]), calls, history: [], ...change });
const research = (at: number, ...changed: readonly Told[]) => ({
  logs: new Map([['q', log(...answered.toSpliced(at, 1, ...changed))]]),
});

describe('the judge of research', () => {
  test('objects to nothing where nothing is wrong', () => expect(judged({})).toMatchObject(clean));

  test('tells a draft that stands there twice', () => {
    const draft: Told = ['Drafted', { round: 1, text: 'reply-2' }];
    expect(judged(research(2, draft, draft)).doubled.join()).toContain('draft 1 twice');
  });

  test('tells a reply that the model never gave, or gave to another question', () => {
    const other: Told = ['Drafted', { round: 1, text: 'reply-9' }];
    expect(judged(research(2, other)).disorder.join()).toContain('the model never said reply-9');
    const mixed = [...calls.slice(0, 1), { asked: 'Answer "Who?"', said: 'reply-2' }];
    expect(judged({ calls: mixed }).disorder.join()).toContain('a reply to another question');
  });

  test('tells a way that no question goes', () => {
    expect(judged(research(3, ['Expired'])).disorder.join()).toContain('Expired Published');
  });
});
