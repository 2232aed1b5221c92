// Consumers that die, lose their lease, end in order, or lose their server: what they leave to others.

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { engineLimits } from '../../streams/parts.ts';
import { engineForEach, inTime, until } from '../support/engine-for-each.ts';

const each = engineForEach();

describe('a process that died', () => {
  test('leaves its entries to its own next life at once', async () => {
    const started = Promise.withResolvers<void>();
    const forever = Promise.withResolvers<void>();
    const first = each.engine.consume({
      name: 'same',
      handle() {
        started.resolve();
        return forever.promise;
      },
    });
    const room = await each.engine.createRoom();
    await started.promise;
    // Its successor has the same name; the first one is as good as dead: it never comes back.
    const { promise, resolve } = Promise.withResolvers<number>();
    const startedAt = Date.now();
    each.engine.consume({
      name: 'same',
      handle: async (task) => void (task.stream === room && resolve(task.attempt)),
    });
    expect(await inTime('the entry in its next life', promise)).toBe(2);
    expect(Date.now() - startedAt).toBeLessThan(engineLimits.leaseMs / 2);
    forever.resolve();
    await first.stop();
  });

  test('leaves its entries to others when the lease is over', async () => {
    const room = await each.engine.createRoom();
    expect(await each.engine.readAndDie('dead', 10)).toHaveLength(1);
    const { promise, resolve } = Promise.withResolvers<string>();
    const alive = each.engine.consume({ name: 'alive', handle: async (task) => resolve(task.stream) });
    expect(await inTime('the entry of the dead', promise, engineLimits.leaseMs * 3)).toBe(room);
    expect(alive.reports.map(({ what }) => what)).toContain('claimed');
  });

  test('ten times over one entry makes it a dead letter without another run', async () => {
    await each.engine.createRoom();
    const [entry] = await each.engine.readAndDie('same', 1);
    await each.engine.commands.hset(
      each.engine.partition.attempts,
      `researcher:${entry?.id}`,
      engineLimits.deathsMax,
    );
    let runs = 0;
    const consumer = each.engine.consume({ name: 'same', handle: async () => void runs++ });
    await inTime('the dead letter', consumer.reported('dead_lettered'));
    expect(runs).toBe(0);
    expect(await each.deadLetters()).toMatchObject([{ reason: 'deaths', exceptions: '0' }]);
  });
});

describe('a lease', () => {
  test('that is lost aborts the handler, and its late commit changes nothing', async () => {
    const room = await each.engine.createRoom();
    const aborted = Promise.withResolvers<unknown>();
    const started = Promise.withResolvers<void>();
    const late = Promise.withResolvers<unknown>();
    each.engine.consume({
      name: 'slow',
      handle: async (task) => {
        task.signal.addEventListener('abort', () => aborted.resolve(task.signal.reason));
        started.resolve();
        await aborted.promise;
        const shorter = { type: 'changeSettings', change: { rounds: 3 }, requestId: 'shorter' } as const;
        late.resolve(await task.submit(() => shorter, { last: true }).catch((error: unknown) => error));
      },
    });
    await started.promise;
    const [entry] = (await each.engine.commands.xpending(
      each.engine.partition.feed,
      'researcher',
      '-',
      '+',
      1,
    )) as string[][];
    await each.engine.commands.xclaim(each.engine.partition.feed, 'researcher', 'thief', 0, entry?.[0] ?? '');
    expect(String(await inTime('the abort', aborted.promise))).toContain("another's");
    expect(String(await late.promise)).toContain("another's");
    expect((await each.engine.rooms.load(room)).rev).toBe(1);
    expect(await each.pending()).toBe(1);
  });

  test('is kept while the handler works longer than it lasts', async () => {
    let runs = 0;
    const handle = async () => {
      runs += 1;
      await sleep(engineLimits.leaseMs * 2);
    };
    each.engine.consume({ name: 'one', handle });
    each.engine.consume({ name: 'two', handle });
    await each.engine.createRoom();
    await until(async () => runs === 1 && (await each.pending()) === 0, engineLimits.leaseMs * 4);
    expect(runs).toBe(1);
  });
});

describe('an end in order', () => {
  test('gives unfinished entries up for others to take at once, uncounted', async () => {
    const started = Promise.withResolvers<void>();
    const first = each.engine.consume({
      name: 'first',
      handle: (task) => {
        started.resolve();
        return new Promise((_, reject) =>
          task.signal.addEventListener('abort', () => reject(task.signal.reason)),
        );
      },
    });
    await each.engine.createRoom();
    await started.promise;
    await first.stop();
    const { promise, resolve } = Promise.withResolvers<number>();
    const releasedAt = Date.now();
    each.engine.consume({ name: 'second', handle: async (task) => resolve(task.attempt) });
    expect(await inTime('the entry that was given up', promise)).toBe(1);
    expect(Date.now() - releasedAt).toBeLessThan(engineLimits.leaseMs);
  });

  test('leaves what still waited for its turn to others as it was', async () => {
    await each.engine.createRoom();
    const waiting = await each.engine.createRoom();
    await each.engine.readAndDie('same', 2);
    const started = Promise.withResolvers<void>();
    // What comes again runs alone, so the second one is never started.
    const first = each.engine.consume({
      name: 'same',
      async handle() {
        started.resolve();
        await new Promise(() => undefined);
      },
    });
    await started.promise;
    await first.stop();
    const { promise, resolve } = Promise.withResolvers<number>();
    each.engine.consume({
      name: 'second',
      handle: async (task) => void (task.stream === waiting && resolve(task.attempt)),
    });
    const releasedAt = Date.now();
    expect(await inTime('the entry that was given up', promise)).toBe(1);
    expect(Date.now() - releasedAt).toBeLessThan(engineLimits.leaseMs / 2);
  });

  test('leaves no consumer behind that has nothing pending', async () => {
    const handled: string[] = [];
    const consumer = each.engine.consume({
      name: 'gone',
      handle: async (task) => void handled.push(task.stream),
    });
    await each.engine.createRoom();
    await until(async () => handled.length === 1 && (await each.pending()) === 0);
    await consumer.stop();
    expect(await each.engine.commands.xinfo('CONSUMERS', each.engine.partition.feed, 'researcher')).toEqual(
      [],
    );
  });
});

describe('a server that comes back', () => {
  test('finds the consumer at work again, with what was pending', async () => {
    const handled: string[] = [];
    const consumer = each.engine.consume({
      name: 'one',
      handle: async (task) => void handled.push(task.stream),
    });
    const before = await each.engine.createRoom();
    await until(async () => handled.includes(before));
    await each.valkey.kill();
    await consumer.reported('store_away');
    await each.valkey.restart();
    await until(async () => each.engine.commands.status === 'ready');
    const after = await each.engine.createRoom();
    await until(async () => handled.includes(after) && (await each.pending()) === 0);
  });
});
