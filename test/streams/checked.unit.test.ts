// Definitions that break the rules of `decide` and `evolve`: what is said of each, to a caller and to the
// log.

import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checked, defineStream, type StreamDefinition } from '../../streams/engine.ts';
import { createCommandHandler } from '../../streams/handle/command-handler.ts';
import { type Folding, newTraceparent } from '../../streams/parts.ts';
import { createMemoryLog } from '../../streams/testing.ts';

interface Basket {
  readonly items: readonly string[];
  readonly prices: ReadonlyMap<string, number>;
  readonly seenAt?: number;
}
interface Put {
  readonly type: 'put';
  readonly item: string;
}

const good = {
  name: 'baskets',
  events: { ItemPut: z.object({ item: z.string(), luck: z.number().optional() }) },
  initial: { items: [], prices: new Map() } as Basket,
  decide: ({ item }: Put, { items }: Basket) =>
    items.includes(item) ? { rejected: 'there' } : { events: [{ type: 'ItemPut', data: { item } } as const] },
  evolve: ({ items, prices }: Basket, { data }: { readonly data: { readonly item: string } }): Basket => ({
    items: [...items, data.item],
    prices: new Map(prices).set(data.item, items.length),
  }),
};
const define = (rest: object) => defineStream({ ...good, ...rest } as typeof good);
type Baskets = typeof define extends (...of: never[]) => StreamDefinition<infer S> ? S : never;

const context = () => ({ by: 'test', traceparent: newTraceparent() });

/** Puts two items into a basket; gives what was thrown, if anything was, and what stands in the log. */
async function put(definition: StreamDefinition<Baskets>, items = ['ham', 'egg']) {
  const log = createMemoryLog(definition);
  const handler = createCommandHandler(log, definition);
  const thrown: unknown[] = [];
  for (const item of items) {
    await handler.handle('a', () => ({ type: 'put', item }), context()).catch((error) => thrown.push(error));
  }
  return { thrown, events: await log.read('a', 0), handler };
}

const push = (list: readonly string[], item: string) => void (list as string[]).push(item);
const bodyOf = (item: string, luck: number) => ({ events: [{ type: 'ItemPut', data: { item, luck } }] });

describe('a definition that is checked', () => {
  test('does what it does unchecked, where it keeps the rules', async () => {
    const { thrown, events, handler } = await put(checked(define({})), ['ham', 'egg', 'ham']);
    expect([thrown, events.map(({ data }) => data.item)]).toEqual([[], ['ham', 'egg']]);
    const { state } = await handler.load('a');
    expect(state).toEqual({
      items: ['ham', 'egg'],
      prices: new Map([
        ['ham', 0],
        ['egg', 1],
      ]),
    });
    expect(() => push(state.items, 'more')).toThrow(TypeError);
    expect(() => (state.prices as Map<string, number>).set('ham', 9)).toThrow(TypeError);
  });

  test.each([
    ['the clock', ({ item }: Put) => bodyOf(item, Date.now()), 'events[0].data.luck is'],
    [
      'a date of now',
      ({ item }: Put) => bodyOf(item + new Date().toISOString(), 1),
      'events[0].data.item is',
    ],
    ['the date as text', ({ item }: Put) => bodyOf(item + Date(), 1), 'events[0].data.item is'],
    ['chance', ({ item }: Put) => bodyOf(item, Math.random()), 'events[0].data.luck is'],
    ['a coin', ({ item }: Put) => bodyOf(item, Math.random() < 0.5 ? 0 : 1), 'events[0].data.luck is'],
    ['what it did before', countingDecide(), 'events[0].data.luck is 1, then 2'],
    ['a first run', throwingLater(), 'it gave a result, then it threw Fault: decide of baskets has thrown'],
  ])('is refused where decide depends on %s', async (_what, decide, place) => {
    const { thrown, events } = await put(checked(define({ decide })));
    expect(thrown).toHaveLength(2);
    expect(thrown[0]).toMatchObject({ name: 'Fault', code: 'not_deterministic', retryable: false });
    expect(String(thrown[0])).toContain(
      'decide of baskets, given put, gives other results for the same input',
    );
    expect(String(thrown[0])).toContain(place);
    expect(events).toEqual([]);
  });

  test('is refused where evolve depends on the clock, before anything is written', async () => {
    const evolve = (basket: Basket): Basket => ({ ...basket, seenAt: Date.now() });
    const { thrown, events } = await put(checked(define({ evolve })));
    expect(String(thrown[0])).toContain('evolve of baskets, given ItemPut (rev 1), gives other results');
    expect(String(thrown[0])).toContain('its result.seenAt is ');
    expect(events).toEqual([]);
  });

  test('is refused where effects depend on chance', async () => {
    const effects = () => ({ meta: [], timers: [{ set: 'look', inMs: Math.random() }] });
    const { thrown } = await put(checked(define({ effects })));
    expect(thrown[0]).toMatchObject({ code: 'not_deterministic' });
    expect(String(thrown[0])).toContain('effects of baskets, given ItemPut, gives other results');
  });

  test.each<[string, object, string]>([
    [
      'decide changes the state',
      { decide: grow },
      'decide of baskets, given put, changes what it is given: state.items[0]',
    ],
    [
      'decide changes the command',
      { decide: rename },
      'changes what it is given: command.item is "ham", then "HAM"',
    ],
    [
      'evolve changes the state',
      { evolve: growing },
      'evolve of baskets, given ItemPut (rev 1), changes what it is given: state.items[0]',
    ],
    ['evolve changes a map', { evolve: pricing }, 'changes what it is given: state.prices.size is 0, then 1'],
    [
      'evolve changes the event',
      { evolve: renaming },
      'changes what it is given: event.data.item is "ham", then "HAM"',
    ],
  ])('is refused where %s', async (_what, wrong, said) => {
    const { thrown, events } = await put(checked(define(wrong)));
    expect(thrown[0]).toMatchObject({ code: 'input_changed', retryable: false });
    expect(String(thrown[0])).toContain(said);
    expect(events).toEqual([]);
  });

  test('is checked once, whoever asks again', () => {
    const one = checked(define({}));
    expect(checked(one)).toBe(one);
  });
});

function grow({ item }: Put, { items }: Basket) {
  push(items, item);
  return { events: [] };
}
function rename(command: { item: string }) {
  command.item = command.item.toUpperCase();
  return { events: [] };
}
function growing(basket: Basket, { data }: { readonly data: Put }) {
  push(basket.items, data.item);
  return basket;
}
function pricing(basket: Basket, { data }: { readonly data: Put }) {
  (basket.prices as Map<string, number>).set(data.item, 1);
  return basket;
}
function renaming(basket: Basket, { data }: { readonly data: { item: string } }) {
  data.item = data.item.toUpperCase();
  return { ...basket, items: [...basket.items, data.item] };
}
function countingDecide() {
  let count = 0;
  return ({ item }: Put) => {
    count += 1;
    return bodyOf(item, count);
  };
}
function throwingLater() {
  let count = 0;
  return ({ item }: Put) => {
    count += 1;
    if (count % 2 === 0) throw new Error('not again');
    return bodyOf(item, 1);
  };
}

describe('a definition, checked or not,', () => {
  const fail = () => {
    throw new Error('no price for it');
  };

  test.each<[string, object, object, string]>([
    [
      'decide throws',
      { decide: fail },
      { code: 'definition_threw', retryable: true },
      'decide of baskets has thrown at put: Error: no price for it',
    ],
    [
      'evolve throws',
      { evolve: fail },
      { code: 'definition_threw', retryable: false },
      'evolve of baskets has thrown at ItemPut (rev 1)',
    ],
    [
      'effects throw',
      { effects: fail },
      { code: 'definition_threw', retryable: true },
      'effects of baskets has thrown at ItemPut',
    ],
    [
      'decide gives nothing',
      { decide: () => undefined },
      { code: 'no_decision', retryable: false },
      'for put, neither events, nor',
    ],
    [
      'decide gives a promise',
      { decide: async () => ({ events: [] }) },
      { code: 'no_decision' },
      'decide must not be async',
    ],
    [
      'decide gives an event alone',
      { decide: () => ({ type: 'ItemPut' }) },
      { code: 'no_decision' },
      'for put, neither events, nor',
    ],
    [
      'an event is none of its own',
      { decide: () => ({ events: [{ type: 'ItemEaten', data: {} }] }) },
      { code: 'unwritable_event' },
      'declares no such event',
    ],
  ])('gives its caller one fault where %s, and writes nothing', async (_what, wrong, fault, said) => {
    for (const definition of [define(wrong), checked(define(wrong))]) {
      const { thrown, events } = await put(definition);
      expect(thrown).toHaveLength(2);
      expect(thrown[0]).toMatchObject({ name: 'Fault', ...fault });
      expect(String(thrown[0])).toContain(said);
      expect(events).toEqual([]);
    }
  });
});

test('a fold is told what evolve threw at', () => {
  const { evolve }: Folding<Baskets> = define({ evolve: () => JSON.parse('{') });
  expect(() => evolve(good.initial, { type: 'ItemPut', rev: 7 } as never)).toThrow(
    'at ItemPut (rev 7): SyntaxError',
  );
});
