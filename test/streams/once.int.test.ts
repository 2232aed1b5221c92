// A step that calls the outside world, on Valkey, in consumers that die around it.

import { expect, test } from 'vitest';
import type { OutsideCall } from '../../streams/engine.ts';
import { engineForEach } from '../support/engine-for-each.ts';

const each = engineForEach();

const forEver = () => new Promise<never>(() => undefined);

/** What is outside: every call with its key, and the first result under each key, as a shop would keep it. */
function outside() {
  const keys: string[] = [];
  return {
    keys,
    async pay({ key }: OutsideCall) {
      keys.push(key);
      return { receipt: keys.indexOf(key) + 1, call: keys.length };
    },
  };
}

test('a process that died after its result was kept has called for its successor, too', async () => {
  const { keys, pay } = outside();
  const kept = Promise.withResolvers<void>();
  const dead = each.engine.consume({
    name: 'same',
    async handle(task) {
      await task.once('pay', pay);
      kept.resolve();
      await forEver();
    },
  });
  await each.engine.createRoom();
  await kept.promise;
  expect(await each.pending()).toBe(1);
  const got = Promise.withResolvers<unknown>();
  each.engine.consume({
    name: 'same',
    handle: async (task) => got.resolve([task.attempt, await task.once('pay', pay)]),
  });
  expect(await got.promise).toEqual([2, { receipt: 1, call: 1 }]);
  await expect.poll(each.pending).toBe(0);
  expect(keys).toHaveLength(1);
  await dead.stop();
});

test('one that died between its call and the note calls again under the same key, and the first note counts', async () => {
  const { keys, pay } = outside();
  const called = Promise.withResolvers<void>();
  const revived = Promise.withResolvers<void>();
  const late = Promise.withResolvers<unknown>();
  const dead = each.engine.consume({
    name: 'same',
    async handle(task) {
      const slow = task.once('pay', async (call) => {
        const result = await pay(call);
        called.resolve();
        await revived.promise;
        return result;
      });
      late.resolve(await slow);
      await forEver();
    },
  });
  const room = await each.engine.createRoom();
  await called.promise;
  const got = Promise.withResolvers<unknown>();
  each.engine.consume({ name: 'same', handle: async (task) => got.resolve(await task.once('pay', pay)) });
  expect(await got.promise).toEqual({ receipt: 1, call: 2 });
  await expect.poll(each.pending).toBe(0);
  expect(keys).toEqual([keys[0], keys[0]]);
  // A process that was thought to be dead: what it brings home late is what was kept meanwhile.
  revived.resolve();
  expect(await late.promise).toEqual({ receipt: 1, call: 2 });
  expect((await each.engine.rooms.load(room)).rev).toBe(1);
  await dead.stop();
});

test('a handler that throws after its step gets the result again, and the note acknowledges nothing', async () => {
  const { keys, pay } = outside();
  const pendingAt: number[] = [];
  const results: unknown[] = [];
  each.engine.consume({
    name: 'one',
    async handle(task) {
      results.push(await task.once('pay', pay));
      pendingAt.push(await each.pending());
      if (task.attempt < 3) throw new Error('afterwards');
    },
  });
  const room = await each.engine.createRoom();
  await expect.poll(() => results.length).toBe(3);
  await expect.poll(each.pending).toBe(0);
  expect(results).toEqual(new Array(3).fill({ receipt: 1, call: 1 }));
  expect([keys.length, pendingAt]).toEqual([1, [1, 1, 1]]);
  expect(await each.engine.log.firstResult(room, 'once:["researcher","pay"]')).toMatchObject({
    rev: 1,
    note: JSON.stringify(results[0]),
  });
  expect(await each.engine.commands.xlen(each.engine.partition.feed)).toBe(1);
});

test('a result that cannot be kept becomes a dead letter at once, which says why', async () => {
  let calls = 0;
  const consumer = each.engine.consume({
    name: 'one',
    async handle(task) {
      await task.once('pay', async () => {
        calls += 1;
        return new Date(0);
      });
    },
  });
  await each.engine.createRoom();
  await consumer.reported('dead_lettered');
  const message =
    'the step pay was done and its result cannot be kept: it is no plain object, which is no JSON';
  expect(await each.deadLetters()).toMatchObject([{ reason: 'not_retryable', message }]);
  expect(calls).toBe(1);
});

test('a server that ends between the call and the note is waited for, and the call is not made again', async () => {
  const { keys, pay } = outside();
  const results: unknown[] = [];
  each.engine.consume({
    name: 'one',
    async handle(task) {
      const step = task.once('pay', async (call) => {
        const result = await pay(call);
        await each.valkey.kill();
        void each.valkey.restart();
        return result;
      });
      results.push(await step);
    },
  });
  await each.engine.createRoom();
  await expect.poll(() => results, { timeout: 15_000 }).toEqual([{ receipt: 1, call: 1 }]);
  await expect.poll(() => each.pending().catch(() => -1), { timeout: 15_000 }).toBe(0);
  expect(keys).toHaveLength(1);
});
