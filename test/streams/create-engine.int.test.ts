// The engine as a program has it that needs no more: what it refuses at the start, and what it does with a
// few lines.

import { expect, test } from 'vitest';
import { z } from 'zod';
import { createEngine, defineStream, type Engine, openStore, type Report } from '../../streams/engine.ts';
import { untilReady } from '../../streams/parts.ts';
import { storeForAll } from '../support/store-for-all.ts';

type Order = { readonly status: 'none' | 'placed' | 'paid' | 'expired' };
type Command =
  | { readonly type: 'place'; readonly total: number }
  | { readonly type: 'pay' }
  | { readonly type: 'expire' };

const kindOf = (name: string) =>
  defineStream({
    name,
    events: {
      Placed: z.object({ total: z.number() }),
      Paid: z.object({}),
      Expired: z.object({}),
      Seen: z.object({}),
    },
    quiet: ['Seen'],
    initial: { status: 'none' } as Order,
    decide(command: Command, { status }: Order) {
      if (command.type === 'place') {
        if (status !== 'none') return { rejected: 'placed_before' };
        return { key: 'place', events: [{ type: 'Placed', data: { total: command.total } }] };
      }
      if (status !== 'placed') return { stale: true };
      const type = command.type === 'pay' ? 'Paid' : 'Expired';
      return { key: 'end', events: [{ type, data: {} }] };
    },
    evolve: (order, event): Order => {
      if (event.type === 'Seen') return order;
      return { status: event.type === 'Placed' ? 'placed' : event.type === 'Paid' ? 'paid' : 'expired' };
    },
    effects: ({ type }) => ({ meta: [], timers: type === 'Placed' ? [{ set: 'expire', inMs: 300 }] : [] }),
  });

const each = storeForAll();

const quietly: Report = () => undefined;

/** Runs an engine while `work` is done, then lets it drain. */
async function whileRunning(engine: Engine, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  await engine.ready(AbortSignal.timeout(10_000));
  const running = engine.run(stop.signal);
  try {
    await work(stop.signal);
  } finally {
    stop.abort(new Error('the test is over'));
    await running;
    await engine.close();
  }
}

test('two kinds in a few lines: an agent, a timer of a name, a projection, a subscription', async () => {
  const orders = kindOf('few-orders');
  const ledger = defineStream({
    name: 'few-ledger',
    events: { Booked: z.object({ total: z.number() }) },
    initial: { total: 0 },
    decide: ({ order, total }: { order: string; total: number }) => ({
      key: `book|${order}`,
      events: [{ type: 'Booked', data: { total } } as const],
    }),
    evolve: (state: { readonly total: number }, { data }) => ({ total: state.total + data.total }),
  });
  const engine = createEngine({ store: each.store, streams: [orders, ledger], report: quietly });
  const shop = engine.stream(orders);
  const books = engine.stream(ledger);
  const written = new Map<string, string>();
  shop.consume({
    group: 'payment',
    wakes: ['Placed'],
    async handle({ events: [placed], stream, submit }) {
      if (placed === undefined || placed.data.total > 100) return;
      await books.handle('2026', { order: stream, total: placed.data.total });
      await submit({ type: 'pay' }, { last: true });
    },
  });
  shop.consume({
    group: 'expiry',
    timers: ['expire'],
    handle: async ({ submit }) => void (await submit({ type: 'expire' }, { last: true })),
  });
  shop.project({ group: 'page', write: async (id, { state }) => void written.set(id, state.status) });

  await whileRunning(engine, async (signal) => {
    const followed: string[] = [];
    const following = (async () => {
      for await (const { type, rev } of shop.follow('a', { signal })) {
        followed.push(`${rev} ${type}`);
        if (type === 'Paid') return;
      }
    })();
    const first = await shop.handle('a', { type: 'place', total: 40 }, { idempotencyKey: 'request-1' });
    expect(first).toMatchObject({ status: 'done' });
    const again = await shop.handle('a', { type: 'place', total: 40 }, { idempotencyKey: 'request-1' });
    expect(again).toMatchObject({ status: 'dup' });
    const other = await shop.handle('a', { type: 'place', total: 41 }, { idempotencyKey: 'request-1' });
    expect(other).toMatchObject({ status: 'rejected', code: 'key_reused' });
    await shop.handle('b', { type: 'place', total: 400 });
    await following;
    expect(followed).toEqual(['1 Placed', '2 Paid']);
    await expect.poll(() => written.get('a')).toBe('paid');
    await expect.poll(() => written.get('b'), { timeout: 5_000 }).toBe('expired');
    expect((await books.load('2026')).state.total).toBe(40);
    expect((await shop.read('a', 1)).map(({ type, by }) => [type, by])).toEqual([['Paid', 'payment']]);
  });
});

test('a subscription gives what comes while nobody else writes for long, and ends by its signal', async () => {
  const kind = kindOf('followed');
  const engine = createEngine({ store: each.store, streams: [kind], report: quietly });
  await engine.ready(AbortSignal.timeout(10_000));
  const stream = engine.stream(kind);
  const stop = new AbortController();
  const given: string[] = [];
  const following = (async () => {
    for await (const { type } of stream.follow('a', { after: 1, signal: stop.signal })) given.push(type);
  })();
  await stream.handle('a', { type: 'place', total: 1 });
  for (const key of ['1', '2', '3']) {
    await stream.append('a', { key, guards: [], events: [{ type: 'Seen', data: {} }] });
    await expect.poll(() => given.length).toBe(Number(key));
  }
  expect(given).toEqual(['Seen', 'Seen', 'Seen']);
  stop.abort(new Error('the test is over'));
  await following;
  await engine.close();
});

test('what is wrong is one sentence where it is said', async () => {
  const one = kindOf('one');
  expect(() => createEngine({ store: each.store, streams: [one, kindOf('one')] })).toThrow(
    'two kinds of streams are called one',
  );
  const engine = createEngine({ store: each.store, streams: [one], report: quietly });
  expect(() => engine.stream(kindOf('one'))).toThrow('the engine was made without the stream one');
  const stream = engine.stream(one);
  const handle = async () => undefined;
  expect(() => stream.consume({ group: 'g', wakes: ['Payed' as 'Paid'], handle })).toThrow(
    'one: the agent g is woken by Payed, which is none of its events',
  );
  expect(() => stream.consume({ group: 'g', handle })).toThrow('nothing wakes the agent g');
  expect(() => stream.consume({ group: 'a group', wakes: ['Paid'], handle })).toThrow('"a group" is no name');
  for (const wrong of [{ concurrency: 0 }, { concurrency: 1.5 }, { handlerMsMax: Number.NaN }]) {
    expect(() => stream.consume({ group: 'g', wakes: ['Paid'], handle, ...wrong })).toThrow(
      'a whole number from 1',
    );
  }
  stream.consume({ group: 'g', wakes: ['Paid'], handle });
  expect(() => stream.project({ group: 'g', write: handle })).toThrow('the group g is taken');
  await engine.ready(AbortSignal.timeout(10_000));
  for (const id of ['a|b', 'a b', 'x'.repeat(10_240), '']) {
    const handled = stream.handle(id, { type: 'place', total: 1 });
    const message = expect.stringContaining('1 to 200 characters, none of them white space, "|", "{" or "}"');
    await expect(handled).rejects.toMatchObject({ code: 'bad_stream_id', message });
    await expect(handled).rejects.toThrow(/^"?.{0,110}is no id for a stream of one: an id has/);
  }
  expect(await stream.opened.commands.exists(stream.opened.keys.partitions[0]?.feed ?? '')).toBe(0);
  await engine.close();
});

test('another kind under a name, and another work under a group, are told apart from a new version', async () => {
  const first = createEngine({ store: each.store, streams: [kindOf('taken')], report: quietly });
  await first.ready(AbortSignal.timeout(10_000));
  await first.close();
  const defined = (events: Record<string, z.ZodType>) =>
    defineStream({
      name: 'taken',
      events,
      initial: null,
      decide: () => ({ stale: true }) as const,
      evolve: () => null,
    });
  const landing = defined({ Landed: z.object({}) });
  const stranger = createEngine({ store: each.store, streams: [landing], report: quietly });
  await expect(stranger.ready(AbortSignal.timeout(10_000))).rejects.toThrow(
    'the store has another kind of stream called taken, with the events Placed, Paid, Expired, Seen',
  );
  // What was refused writes nothing either.
  await expect(stranger.stream(landing).handle('a', 'land')).rejects.toThrow(
    'another kind of stream called taken',
  );
  await stranger.close();
  const newer = defined({ Placed: z.object({}), Returned: z.object({}) });
  const engine = createEngine({ store: each.store, streams: [newer], report: quietly });
  await engine.ready(AbortSignal.timeout(10_000));
  engine.stream(newer).project({ group: 'work', write: async () => undefined });
  const stop = new AbortController();
  const running = engine.run(stop.signal);
  const { commands, keys } = engine.stream(newer).opened;
  await expect.poll(() => commands.hget(keys.kind, 'group:work')).toBe('projection');
  stop.abort(new Error('done'));
  await running;
  await engine.close();
  const other = createEngine({ store: each.store, streams: [newer], report: quietly });
  other.stream(newer).consume({ group: 'work', wakes: ['Placed'], handle: async () => undefined });
  await other.ready(AbortSignal.timeout(10_000));
  await expect(other.run(AbortSignal.timeout(10_000))).rejects.toThrow(
    "the group work of taken is a projection's",
  );
  await other.close();
});

test('a store that lets too little be done says so at the start, and one that may forget is told of', async () => {
  const commands = each.store.connect('by-hand');
  await untilReady(commands, AbortSignal.timeout(10_000));
  await commands.call('ACL', 'SETUSER', 'poor', 'on', '>word', '~*', '&*', '+@all', '-fcall', '-function');
  const url = each.valkey.url.replace('redis://', 'redis://poor:word@');
  const poor = await openStore(url, AbortSignal.timeout(10_000));
  const refused = createEngine({ store: poor, streams: [kindOf('poor')], report: quietly });
  await expect(refused.ready(AbortSignal.timeout(10_000))).rejects.toMatchObject({
    code: 'not_permitted',
    message: expect.stringContaining('lacks +fcall'),
  });
  await refused.close();
  poor.close();
  const told: string[] = [];
  await commands.config('SET', 'maxmemory-policy', 'allkeys-lru');
  const risky = createEngine({
    store: each.store,
    streams: [kindOf('risky')],
    report: (what, { cure }) => void told.push(`${what}: ${cure}`),
  });
  await risky.ready(AbortSignal.timeout(10_000));
  expect(told).toContain('store_unfit: CONFIG SET maxmemory-policy noeviction');
  await commands.config('SET', 'maxmemory-policy', 'noeviction');
  await risky.close();
  commands.disconnect();
});

test('a store that does not reply is waited for, and why is told once', async () => {
  const told: unknown[] = [];
  const stop = new AbortController();
  const opening = openStore('redis://127.0.0.1:1', stop.signal, (what, { at, error }) => {
    told.push(`${what} ${at}: ${error}`);
  });
  await expect
    .poll(() => told)
    .toEqual([expect.stringMatching(/^store_away 127\.0\.0\.1:1: .*ECONNREFUSED/)]);
  stop.abort(new Error('enough'));
  await expect(opening).rejects.toThrow('enough');
  expect(told.length).toBe(1);
});

test('an engine runs once, takes nothing more while it runs, and does nothing once it is closed', async () => {
  const kind = kindOf('once');
  const engine = createEngine({ store: each.store, streams: [kind], report: quietly });
  const stream = engine.stream(kind);
  const handle = async () => undefined;
  stream.consume({ group: 'early', wakes: ['Placed'], handle });
  await engine.ready(AbortSignal.timeout(10_000));
  const running = engine.run(new AbortController().signal);
  expect(() => stream.consume({ group: 'late', wakes: ['Placed'], handle })).toThrow('comes before run()');
  expect(() => stream.project({ group: 'late', write: handle })).toThrow('comes before run()');
  expect(() => engine.run(new AbortController().signal)).toThrow('runs already');
  await engine.close();
  await running;
  expect(() => engine.run(new AbortController().signal)).toThrow('the engine was closed');
  await expect(stream.handle('a', { type: 'place', total: 1 })).rejects.toThrow('the engine was closed');
  await expect(stream.load('a')).rejects.toThrow('the engine was closed');
});

test('an engine is not idle before its agents have begun', async () => {
  const kind = kindOf('idle');
  const engine = createEngine({ store: each.store, streams: [kind], report: quietly });
  const stream = engine.stream(kind);
  const handled: string[] = [];
  stream.consume({ group: 'all', wakes: ['Placed'], handle: async (task) => void handled.push(task.stream) });
  await engine.ready(AbortSignal.timeout(10_000));
  const signal = AbortSignal.timeout(10_000);
  // Nothing was ever written: there is nothing to handle.
  await engine.untilIdle(signal);
  await stream.handle('a', { type: 'place', total: 1 });
  const idle = engine.untilIdle(signal);
  expect(await Promise.race([idle.then(() => 'idle'), stream.load('a').then(() => 'not yet')])).toBe(
    'not yet',
  );
  void engine.run(signal);
  await idle;
  expect(handled).toEqual(['a']);
  await engine.close();
});
