// The engine in memory: agents, timers, tries and dead letters as on Valkey, one after the other, on a clock
// that stands.

import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineStream, Fault } from '../../streams/engine.ts';
import { createClock, createMemoryEngine } from '../../streams/testing.ts';
import { tooLongMs, trips } from '../support/trips.ts';

/** An engine with a trip that was asked for. */
async function asked() {
  const engine = createMemoryEngine({ streams: [trips] });
  const trip = engine.stream(trips);
  await trip.handle('oslo', { type: 'ask', to: 'Oslo' });
  const types = async () => (await trip.read('oslo')).map(({ type }) => type);
  return { engine, trip, types };
}

test('agents are woken by their events alone, in order, and what they submit wakes others', async () => {
  const { engine, trip, types } = await asked();
  const heard: string[] = [];
  trip.consume({
    group: 'payment',
    wakes: ['Asked'],
    async handle({ events, submit, once }) {
      heard.push(`payment ${events[0]?.data.to}`);
      const receipt = await once('charge', async () => 'r-1');
      await submit({ type: 'pay', receipt }, { last: true });
    },
  });
  trip.consume({
    group: 'letters',
    wakes: ['Paid'],
    handle: async ({ events }) => void heard.push(`letters ${events[0]?.data.receipt}`),
  });
  const written: string[] = [];
  trip.project({ group: 'list', write: async (id, { state }) => void written.push(`${id} ${state.status}`) });
  expect(await types()).toEqual(['Asked']);
  await engine.settle();
  expect(heard).toEqual(['payment Oslo', 'letters r-1']);
  expect(written.at(-1)).toBe('oslo paid');
  const events = await trip.read('oslo');
  expect(events.map(({ type, by, id }) => [type, by, id])).toEqual([
    ['Asked', 'engine', 'event-1'],
    ['Paid', 'payment', 'event-2'],
  ]);
  await engine.settle();
  expect(heard).toHaveLength(2);
});

describe('time', () => {
  test('stands until it is moved, and timers fire at their moments on the way', async () => {
    const { engine, trip, types } = await asked();
    const at: number[] = [];
    trip.consume({
      group: 'patience',
      timers: ['too-long'],
      async handle({ now, timer, submit }) {
        at.push(await now(), timer?.dueAt ?? 0);
        await submit({ type: 'expire' }, { last: true });
      },
    });
    const begin = engine.clock.now;
    await engine.settle();
    await engine.clock.advance(tooLongMs - 1);
    expect(await types()).toEqual(['Asked']);
    await engine.clock.advance(10_000);
    expect(await types()).toEqual(['Asked', 'Expired']);
    expect(at).toEqual([begin + tooLongMs, begin + tooLongMs]);
    expect(engine.clock.now).toBe(begin + tooLongMs + 9_999);
    expect((await trip.read('oslo')).map(({ at: moment }) => moment)).toEqual([begin, begin + tooLongMs]);
    await expect(engine.clock.advance(-1)).rejects.toThrow('a clock goes forward');
  });

  test('is not set for a stream that no event has begun', async () => {
    const plans = defineStream({
      name: 'plans',
      events: { Planned: z.object({}) },
      initial: null,
      decide: (events: readonly { type: 'Planned'; data: Record<string, never> }[]) => ({
        events,
        timers: [{ set: 'later', inMs: 1 }],
      }),
      evolve: () => null,
    });
    const plan = createMemoryEngine({ streams: [plans] }).stream(plans);
    await expect(plan.handle('one', [])).rejects.toMatchObject({ code: 'no_such_stream' });
    expect(await plan.handle('one', [{ type: 'Planned', data: {} }])).toMatchObject({ status: 'done' });
    expect(await plan.handle('one', [])).toMatchObject({ status: 'nothing' });
  });

  test('is one for several engines, and goes from one timer to the next over all of them', async () => {
    const clock = createClock(0);
    const order: string[] = [];
    for (const [name, inMs] of [
      ['late', 20],
      ['early', 10],
    ] as const) {
      const ticks = defineStream({
        name,
        events: { Ticked: z.object({}) },
        initial: { ticks: 0 },
        decide: (_command: 'tick') => ({ events: [{ type: 'Ticked', data: {} }] }),
        evolve: ({ ticks: count }: { ticks: number }) => ({ ticks: count + 1 }),
        effects: (_event, { ticks: count }) => ({
          meta: [],
          timers: count < 2 ? [{ set: 'tick', inMs }] : [],
        }),
      });
      const stream = createMemoryEngine({ streams: [ticks], clock }).stream(ticks);
      stream.consume({
        group: 'ticker',
        timers: true,
        async handle({ submit }) {
          order.push(`${name} at ${clock.now}`);
          await submit('tick');
        },
      });
      await stream.handle('one', 'tick');
    }
    await clock.advance(100);
    expect(order).toEqual(['early at 10', 'late at 20', 'early at 20', 'late at 40']);
  });
});

describe('a handler that throws', () => {
  test('is tried again, and after five times its entry is a dead letter', async () => {
    const { engine, trip, types } = await asked();
    const attempts: number[] = [];
    trip.consume({
      group: 'payment',
      wakes: ['Asked'],
      async handle({ attempt }) {
        attempts.push(attempt);
        throw new Error('card refused');
      },
    });
    await engine.settle();
    expect(attempts).toEqual([1, 2, 3, 4, 5]);
    const letter = {
      group: 'payment',
      reason: 'exceptions',
      exceptions: '5',
      message: 'card refused',
      stream: 'oslo',
    };
    expect(trip.deadLetters).toMatchObject([letter]);
    await engine.settle();
    expect([attempts.length, await types()]).toEqual([5, ['Asked']]);
  });

  test('once is tried until it comes through', async () => {
    const { engine, trip, types } = await asked();
    trip.consume({
      group: 'payment',
      wakes: ['Asked'],
      async handle({ attempt, submit }) {
        if (attempt < 3) throw new Error('busy');
        await submit({ type: 'pay', receipt: `try ${attempt}` });
      },
    });
    await engine.settle();
    expect([await types(), trip.deadLetters]).toEqual([['Asked', 'Paid'], []]);
  });

  test('for good is not tried again', async () => {
    const { engine, trip } = await asked();
    const fault = new Fault('too_big', 'no', { retryable: false });
    trip.consume({ group: 'payment', wakes: ['Asked'], handle: () => Promise.reject(fault) });
    await engine.settle();
    expect(trip.deadLetters).toMatchObject([{ reason: 'not_retryable', starts: '1' }]);
  });

  test('since the store is away for ever, it ends the test', async () => {
    const { engine, trip } = await asked();
    const fault = new Fault('unavailable', 'no', { retryable: true });
    trip.consume({ group: 'payment', wakes: ['Asked'], handle: () => Promise.reject(fault) });
    await expect(engine.settle()).rejects.toThrow('payment: entry 1-0 was tried 1001 times');
  });
});

test('definitions are checked: a fault is named to who asks, and makes a dead letter', async () => {
  const dice = defineStream({
    name: 'dice',
    events: { Rolled: z.object({ eyes: z.number() }) },
    initial: {},
    decide: (command: 'roll' | 'luck') => ({
      events: [{ type: 'Rolled', data: { eyes: command === 'roll' ? 4 : Math.random() } }],
    }),
    evolve: () => ({}),
  });
  const engine = createMemoryEngine({ streams: [dice] });
  const die = engine.stream(dice);
  die.consume({
    group: 'roller',
    wakes: ['Rolled'],
    handle: async ({ submit }) => void (await submit('luck')),
  });
  await expect(die.handle('one', 'luck')).rejects.toMatchObject({ code: 'not_deterministic' });
  await die.handle('one', 'roll');
  await engine.settle();
  expect(die.deadLetters).toMatchObject([{ reason: 'not_retryable', errorClass: 'Fault' }]);
});

test('what is asked twice under one key is done once, and another wish under it is refused', async () => {
  const { trip, types } = await asked();
  const note = (text: string) => trip.handle('oslo', { type: 'note', text }, { idempotencyKey: 'k' });
  expect(await note('a')).toMatchObject({ status: 'done' });
  expect(await note('a')).toMatchObject({ status: 'dup' });
  expect(await note('b')).toMatchObject({ status: 'rejected', code: 'key_reused' });
  expect(await types()).toEqual(['Asked', 'Remarked']);
});

test('what cannot be is refused in one sentence', async () => {
  const { engine, trip } = await asked();
  expect(() => createMemoryEngine({ streams: [trips, trips] })).toThrow(
    'two kinds of streams are called trips',
  );
  expect(() => createMemoryEngine({ streams: [] }).stream(trips)).toThrow('made without the stream trips');
  trip.consume({
    group: 'echo',
    wakes: ['Remarked', 'Asked'],
    handle: async ({ submit }) => void (await submit({ type: 'note', text: 'a' })),
  });
  expect(() => trip.consume({ group: 'echo', timers: true, handle: async () => undefined })).toThrow(
    'is taken',
  );
  await expect(engine.settle()).rejects.toThrow('agents wake each other without an end');
}, 60_000);
