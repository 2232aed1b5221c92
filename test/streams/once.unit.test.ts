// A step that calls the outside world, on the log in memory.

import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineStream, Fault, type OutsideCall } from '../../streams/engine.ts';
import { engineLimits } from '../../streams/parts.ts';
import { createMemoryLog, memoryTask } from '../../streams/testing.ts';

const define = (name: string) =>
  defineStream({
    name,
    events: { Placed: z.object({ total: z.number() }) },
    initial: { placed: false },
    decide: (command: { total: number }) => ({ events: [{ type: 'Placed' as const, data: command }] }),
    evolve: () => ({ placed: true }),
  });
const orders = define('orders');
type Orders = NonNullable<(typeof orders)['types']>;

/** A log with an order in it. `life`: names the first event, and with it the stream's epoch. */
async function shop(stream = 'order-1', life = 'first', definition = orders) {
  const log = createMemoryLog(definition);
  const stamp = { v: 1, by: 'web', causationId: null, key: null, stream } as const;
  const placed = { type: 'Placed', data: { total: 3 }, id: life, traceparent: '', ...stamp } as const;
  const effects = { meta: [{ set: 'epoch', value: life }], timers: [] };
  await log.commit({ stream, key: null, expect: 'new', events: [placed], effects });
  const task = (rest: { group?: string; signal?: AbortSignal; attempt?: number } = {}) =>
    memoryTask<Orders>(log, definition, { stream, group: 'payment', by: 'payment', ...rest });
  return { log, task };
}

/** A shop outside that counts what it was asked, by key. */
function outside() {
  const keys: string[] = [];
  const pay = async ({ key }: OutsideCall) => {
    keys.push(key);
    return { receipt: keys.length };
  };
  return { keys, pay };
}

const thrownBy = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe('the result of a step', () => {
  test('is what every later try gets, without another call', async () => {
    const { log, task } = await shop();
    const { keys, pay } = outside();
    expect(await (await task()).once('pay', pay)).toEqual({ receipt: 1 });
    expect(await (await task({ attempt: 2 })).once('pay', pay)).toEqual({ receipt: 1 });
    expect(keys).toHaveLength(1);
    expect(log.feed.map(({ id }) => log.isPending('payment', id))).toEqual([true]);
    expect(await log.read('order-1', 1)).toEqual([]);
  });

  test('is of its group and its name alone', async () => {
    const { task } = await shop();
    const { keys, pay } = outside();
    const one = await task();
    expect(await one.once('pay', pay)).toEqual({ receipt: 1 });
    expect(await one.once('pay back', pay)).toEqual({ receipt: 2 });
    expect(await (await task({ group: 'shipping' })).once('pay', pay)).toEqual({ receipt: 3 });
    expect(new Set(keys).size).toBe(3);
  });

  test('comes the first time as it comes again', async () => {
    const { task } = await shop();
    const call = async (): Promise<unknown> => ({ a: [1, null, 'ü\u0000-\n'], b: undefined, c: { d: true } });
    const first = await (await task()).once('look', call);
    expect(first).toStrictEqual({ a: [1, null, 'ü\u0000-\n'], c: { d: true } });
    expect(await (await task()).once('look', call)).toStrictEqual(first);
  });

  test('is not kept of a call that rejects', async () => {
    const { task } = await shop();
    const fail = async () => Promise.reject(new Error('card refused'));
    expect(await thrownBy((await task()).once('pay', fail))).toMatchObject({ message: 'card refused' });
    expect(await (await task()).once('pay', outside().pay)).toEqual({ receipt: 1 });
  });

  test.each([
    ['nothing at all', undefined, 'give null for nothing'],
    ['a function in a list', [1, () => 1], 'it[1] is function'],
    ['a hole in a list', new Array(1), 'it[0] is undefined'],
    ['no number', { a: { b: Number.NaN } }, 'it.a.b is NaN'],
    ['a moment', { at: new Date(0) }, 'it.at is no plain object'],
    ['a map', new Map([['a', 1]]), 'it is no plain object'],
    ['what calls itself JSON', { toJSON: () => 1 }, 'it is no plain object'],
    ['a great number', 1n, 'BigInt'],
  ])('is refused where it is no JSON: %s', async (_what, result, said) => {
    const { log, task } = await shop();
    const fault = await thrownBy((await task()).once('pay', async () => result));
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({ code: 'unkeepable_result', retryable: false });
    expect(String(fault)).toContain(said);
    expect(await log.firstResult('order-1', 'once:["payment","pay"]')).toBeNull();
  });

  test('is refused where it holds itself', async () => {
    const itself: Record<string, unknown> = {};
    itself['itself'] = itself;
    const fault = await thrownBy((await (await shop()).task()).once('pay', async () => itself));
    expect(fault).toMatchObject({ code: 'unkeepable_result' });
  });

  test('has as many bytes as the limit says, and no more', async () => {
    const { task } = await shop();
    const most = 'ü'.repeat(engineLimits.onceResultBytesMax / 2 - 1);
    expect(await (await task()).once('most', async () => most)).toBe(most);
    const fault = await thrownBy((await task()).once('more', async () => `${most}a`));
    expect(fault).toMatchObject({ code: 'unkeepable_result', retryable: false });
    expect(String(fault)).toContain(`${engineLimits.onceResultBytesMax + 1} bytes`);
  });
});

describe('two that call at the same time', () => {
  test('in one task make one call', async () => {
    const { task } = await shop();
    const { keys, pay } = outside();
    const one = await task();
    expect(await Promise.all([one.once('pay', pay), one.once('pay', pay)])).toEqual([
      { receipt: 1 },
      { receipt: 1 },
    ]);
    expect(keys).toHaveLength(1);
  });

  test('in two tasks call under one key, and both get what was kept first', async () => {
    const { task } = await shop();
    const { keys, pay } = outside();
    const slow = Promise.withResolvers<void>();
    const late = (await task()).once('pay', async (call) => {
      const result = await pay(call);
      await slow.promise;
      return result;
    });
    await expect.poll(() => keys.length).toBe(1);
    expect(await (await task()).once('pay', pay)).toEqual({ receipt: 2 });
    slow.resolve();
    expect(await late).toEqual({ receipt: 2 });
    expect(keys[0]).toBe(keys[1]);
  });
});

test('the key to hand over is of one kind, stream, life, group and name', async () => {
  const keyIn = async (where: Awaited<ReturnType<typeof shop>>, group: string, name: string) => {
    const { keys, pay } = outside();
    await (await where.task({ group })).once(name, pay);
    return keys[0] ?? '';
  };
  const all = [
    await keyIn(await shop(), 'payment', 'pay'),
    await keyIn(await shop(), 'payment', 'pay","x'),
    await keyIn(await shop(), 'payment","pay', 'x'),
    await keyIn(await shop(), 'shipping', 'pay'),
    await keyIn(await shop('order-2'), 'payment', 'pay'),
    await keyIn(await shop('order-1', 'second'), 'payment', 'pay'),
    await keyIn(await shop('order-1', 'first', define('returns')), 'payment', 'pay'),
  ];
  expect(new Set(all).size).toBe(all.length);
  expect(await keyIn(await shop(), 'payment', 'pay')).toBe(all[0]);
  expect(all[0]).toMatch(/^[0-9a-f]{64}$/);
});

test('a call whose handler is out of time is kept all the same, and not made again', async () => {
  const { task } = await shop();
  const { keys, pay } = outside();
  const over = new AbortController();
  const late = (await task({ signal: over.signal })).once('pay', async (call) => {
    over.abort(new Error('out of time'));
    return pay(call);
  });
  expect(String(await thrownBy(late))).toContain('out of time');
  expect(await (await task()).once('pay', pay)).toEqual({ receipt: 1 });
  expect(keys).toHaveLength(1);
  const none = (await task({ signal: over.signal })).once('other', pay);
  expect(String(await thrownBy(none))).toContain('out of time');
  expect(keys).toHaveLength(1);
});

test('a result waits for a store that is away, and the call is not made again', async () => {
  const { log, task } = await shop();
  const { keys, pay } = outside();
  const commit = log.commit;
  let away = 2;
  log.commit = async (request) => {
    if (away-- > 0) throw new Fault('unavailable', 'away', { retryable: true });
    return commit(request);
  };
  expect(await (await task()).once('pay', pay)).toEqual({ receipt: 1 });
  expect([keys.length, away]).toEqual([1, -1]);
});

test('nothing is called where there is no stream to keep the result, or the name is none', async () => {
  const { log, task } = await shop();
  const { keys, pay } = outside();
  const timer = { name: 'remind', dueAt: 1 };
  const gone = await memoryTask<Orders>(log, orders, { stream: 'gone', group: 'payment', by: 'a', timer });
  expect(await thrownBy(gone.once('pay', pay))).toMatchObject({ code: 'no_such_stream', retryable: false });
  for (const name of ['', 'a'.repeat(engineLimits.onceNameCharsMax + 1), 5 as never, '\ud800']) {
    const thrown = await thrownBy((await task()).once(name, pay));
    expect(thrown).toMatchObject({ code: 'bad_step_name', retryable: false });
    expect(String(thrown)).toContain('the name of a step has 1 to 200');
  }
  expect(keys).toEqual([]);
});
