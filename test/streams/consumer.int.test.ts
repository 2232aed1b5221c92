import { setTimeout as sleep } from 'node:timers/promises';
import { ulid } from 'ulid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { UnreadableEvent } from '../../core/events.ts';
import { PlayerId } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import { fieldsOf } from '../../streams/fields.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { startTestValkey } from '../support/valkey.ts';

let valkey: Awaited<ReturnType<typeof startTestValkey>>;
let engine: Engine;

beforeAll(async () => {
  valkey = await startTestValkey();
});
afterAll(() => valkey.stop());
beforeEach(async () => {
  engine = await startEngine(valkey.url);
  await engine.commands.flushall();
});
afterEach(() => engine.close());

async function pending(): Promise<number> {
  const [count] = (await engine.commands.xpending(engine.partition.feed, 'researcher')) as [number];
  return count;
}

/** Waits for a fact about the server; fails when it does not come true in time. */
async function until(what: () => Promise<boolean>, ms = 10_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await what())) {
    if (Date.now() > deadline) throw new Error(`not so within ${ms} ms: ${what}`);
    await sleep(20);
  }
}

async function deadLetters(): Promise<Readonly<Record<string, string>>[]> {
  const entries = await engine.commands.xrange(engine.partition.dead, '-', '+');
  return entries.map(([, fields]) => fieldsOf(fields));
}

describe('an entry', () => {
  test('wakes the agent it concerns, with its events, and is acknowledged', async () => {
    const { promise, resolve } = Promise.withResolvers<readonly string[]>();
    engine.consume({
      name: 'one',
      handle: async (task) => resolve(task.events.map((event) => event.type)),
    });
    await engine.createRoom();
    expect(await promise).toEqual(['ROOM_CREATED']);
    await until(async () => (await pending()) === 0);
    expect(await engine.commands.hlen(engine.partition.attempts)).toBe(0);
  });

  test('that does not concern the agent is acknowledged unread', async () => {
    let handled = 0;
    engine.consume({ name: 'one', wakes: ['GAME_OVER'], handle: async () => void handled++ });
    await engine.createRoom();
    await until(async () => {
      const [group] = (await engine.commands.xinfo('GROUPS', engine.partition.feed)) as unknown[][];
      return group?.at(-1) === 0 && (await pending()) === 0;
    });
    expect(handled).toBe(0);
  });

  test('that nobody can read becomes a dead letter, and the loop goes on', async () => {
    const handled: string[] = [];
    const consumer = engine.consume({ name: 'one', handle: async (task) => void handled.push(task.room) });
    await engine.commands.xadd(engine.partition.feed, '*', 'garbage', '\u0000{', 'room', 'no');
    const room = await engine.createRoom();
    await until(async () => handled.length === 1 && (await pending()) === 0);
    expect(handled).toEqual([room]);
    expect(consumer.reports.map(({ what }) => what)).toContain('buried');
    expect(await deadLetters()).toMatchObject([
      { reason: 'unreadable', pointer: expect.stringContaining('garbage') },
    ]);
  });

  test('about a log entry that cannot be decoded is buried at the first failure', async () => {
    const room = await engine.createRoom();
    const { log, meta } = engine.keys.of(room);
    await engine.commands.xadd(log, '2-0', 'type', 'NO_SUCH_TYPE', 'at', '1', 'e', '{}');
    await engine.commands.hset(meta, 'rev', 2);
    const consumer = engine.consume({ name: 'one', handle: async (task) => void (await task.load()) });
    await consumer.reported('buried');
    expect(await deadLetters()).toMatchObject([{ reason: 'not_retryable', errorClass: 'UnreadableEvent' }]);
    const other = await engine.createRoom();
    await until(async () => (await engine.rooms.load(other)).rev === 1 && (await pending()) === 0);
  });
});

test('an entry whose work was done before, and would now be refused, is acknowledged', async () => {
  const statuses: string[] = [];
  const playerId = PlayerId.parse(ulid());
  engine.consume({
    name: 'one',
    wakes: ['SETTINGS_CHANGED'],
    async handle(task) {
      // By its own first time the name is taken.
      const join = { type: 'joinPlayer', playerId, name: 'Ada', nonceHash: 'ada' } as const;
      statuses.push((await task.submit(() => join, { last: true })).status);
    },
  });
  const room = await engine.createRoom();
  for (const rounds of [3, 4]) {
    const change = { type: 'changeSettings', change: { rounds }, requestId: `to ${rounds}` } as const;
    await engine.rooms.handle(room, () => change, engine.context);
    await until(async () => statuses.length === rounds - 2);
  }
  await until(async () => (await pending()) === 0);
  expect(statuses).toEqual(['done', 'dup']);
});

describe('a handler that throws', () => {
  test('is tried again and its entry becomes a dead letter after five exceptions', async () => {
    let tries = 0;
    const consumer = engine.consume({
      name: 'one',
      handle: async () => {
        tries += 1;
        throw new TypeError('boom 42');
      },
    });
    const room = await engine.createRoom();
    await consumer.reported('buried');
    expect(tries).toBe(limits.exceptionsMax);
    expect(await pending()).toBe(0);
    const [letter] = await deadLetters();
    expect(letter).toMatchObject({
      reason: 'exceptions',
      errorClass: 'TypeError',
      message: 'boom 42',
      exceptions: String(limits.exceptionsMax),
      room,
      group: 'researcher',
      consumer: 'one',
    });
    expect(letter?.['stack']).toContain('consumer.int.test.ts');
    expect(letter?.['fingerprint']).toMatch(/^[0-9a-f]{12}$/);
    expect(letter?.['traceparent']).toMatch(/^00-/);
  });

  test('once and then does its work leaves no dead letter', async () => {
    let tries = 0;
    engine.consume({
      name: 'one',
      handle: async () => {
        tries += 1;
        if (tries === 1) throw new Error('only once');
      },
    });
    await engine.createRoom();
    await until(async () => tries === 2 && (await pending()) === 0);
    expect(await deadLetters()).toEqual([]);
  });

  test.each([
    ['an error whose message is no text', Object.assign(new Error('x'), { message: { code: 42 } })],
    ['an object that cannot be told', Object.create(null)],
    ['nothing', undefined],
  ])('with %s becomes a dead letter like any other', async (_what, thrown) => {
    const consumer = engine.consume({
      name: 'one',
      async handle() {
        throw thrown;
      },
    });
    await engine.createRoom();
    await consumer.reported('buried');
    expect(await deadLetters()).toMatchObject([{ reason: 'exceptions', exceptions: '5' }]);
    expect(await pending()).toBe(0);
  });

  test('with a fault that no retry helps is buried at once', async () => {
    let tries = 0;
    const consumer = engine.consume({
      name: 'one',
      handle: async () => {
        tries += 1;
        throw new UnreadableEvent('from the future');
      },
    });
    await engine.createRoom();
    await consumer.reported('buried');
    expect(tries).toBe(1);
    expect(await deadLetters()).toMatchObject([{ reason: 'not_retryable' }]);
  });

  test('does not hold up other rooms', async () => {
    const handled: string[] = [];
    let bad = '';
    engine.consume({
      name: 'one',
      handle: async (task) => {
        if (task.room === bad) throw new Error('this room again');
        handled.push(task.room);
      },
    });
    await engine.createRoom().then((room) => {
      bad = room;
    });
    const good = await engine.createRoom();
    await until(async () => handled.includes(good));
  });
});

describe('a process that died', () => {
  test('leaves its entries to its own next life at once', async () => {
    const started = Promise.withResolvers<void>();
    const forever = Promise.withResolvers<void>();
    const first = engine.consume({
      name: 'same',
      handle() {
        started.resolve();
        return forever.promise;
      },
    });
    const room = await engine.createRoom();
    await started.promise;
    // Its successor has the same name; the first one is as good as dead: it never comes back.
    const { promise, resolve } = Promise.withResolvers<number>();
    const startedAt = Date.now();
    engine.consume({
      name: 'same',
      handle: async (task) => void (task.room === room && resolve(task.attempt)),
    });
    expect(await promise).toBe(2);
    expect(Date.now() - startedAt).toBeLessThan(limits.leaseMs / 2);
    forever.resolve();
    await first.stop();
  });

  test('leaves its entries to others when the lease is over', async () => {
    const room = await engine.createRoom();
    expect(await engine.readAndDie('dead', 10)).toHaveLength(1);
    const { promise, resolve } = Promise.withResolvers<string>();
    const alive = engine.consume({ name: 'alive', handle: async (task) => resolve(task.room) });
    expect(await promise).toBe(room);
    expect(alive.reports.map(({ what }) => what)).toContain('claimed');
  });

  test('ten times over one entry makes it a dead letter without another run', async () => {
    await engine.createRoom();
    const [entry] = await engine.readAndDie('same', 1);
    await engine.commands.hset(engine.partition.attempts, `researcher:${entry?.id}`, limits.deathsMax);
    let runs = 0;
    const consumer = engine.consume({ name: 'same', handle: async () => void runs++ });
    await consumer.reported('buried');
    expect(runs).toBe(0);
    expect(await deadLetters()).toMatchObject([{ reason: 'deaths', exceptions: '0' }]);
  });
});

describe('a lease', () => {
  test('that is lost aborts the handler, and its late commit changes nothing', async () => {
    const room = await engine.createRoom();
    const aborted = Promise.withResolvers<unknown>();
    const started = Promise.withResolvers<void>();
    const late = Promise.withResolvers<unknown>();
    engine.consume({
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
    const [entry] = (await engine.commands.xpending(
      engine.partition.feed,
      'researcher',
      '-',
      '+',
      1,
    )) as string[][];
    await engine.commands.xclaim(engine.partition.feed, 'researcher', 'thief', 0, entry?.[0] ?? '');
    expect(String(await aborted.promise)).toContain("another's");
    expect(String(await late.promise)).toContain("another's");
    expect((await engine.rooms.load(room)).rev).toBe(1);
    expect(await pending()).toBe(1);
  });

  test('is kept while the handler works longer than it lasts', async () => {
    let runs = 0;
    const handle = async () => {
      runs += 1;
      await sleep(limits.leaseMs * 1.5);
    };
    engine.consume({ name: 'one', handle });
    engine.consume({ name: 'two', handle });
    await engine.createRoom();
    await until(async () => runs === 1 && (await pending()) === 0, limits.leaseMs * 3);
    expect(runs).toBe(1);
  });
});

describe('an end in order', () => {
  test('gives unfinished entries up for others to take at once, uncounted', async () => {
    const started = Promise.withResolvers<void>();
    const first = engine.consume({
      name: 'first',
      handle: (task) => {
        started.resolve();
        return new Promise((_, reject) =>
          task.signal.addEventListener('abort', () => reject(task.signal.reason)),
        );
      },
    });
    await engine.createRoom();
    await started.promise;
    await first.stop();
    const { promise, resolve } = Promise.withResolvers<number>();
    const releasedAt = Date.now();
    engine.consume({ name: 'second', handle: async (task) => resolve(task.attempt) });
    expect(await promise).toBe(1);
    expect(Date.now() - releasedAt).toBeLessThan(limits.leaseMs);
  });

  test('leaves what still waited for its turn to others as it was', async () => {
    await engine.createRoom();
    const waiting = await engine.createRoom();
    await engine.readAndDie('same', 2);
    const started = Promise.withResolvers<void>();
    // What comes again runs alone, so the second one is never started.
    const first = engine.consume({
      name: 'same',
      async handle() {
        started.resolve();
        await new Promise(() => undefined);
      },
    });
    await started.promise;
    await first.stop();
    const { promise, resolve } = Promise.withResolvers<number>();
    engine.consume({
      name: 'second',
      handle: async (task) => void (task.room === waiting && resolve(task.attempt)),
    });
    const releasedAt = Date.now();
    expect(await promise).toBe(1);
    expect(Date.now() - releasedAt).toBeLessThan(limits.leaseMs / 2);
  });

  test('leaves no consumer behind that has nothing pending', async () => {
    const handled: string[] = [];
    const consumer = engine.consume({ name: 'gone', handle: async (task) => void handled.push(task.room) });
    await engine.createRoom();
    await until(async () => handled.length === 1 && (await pending()) === 0);
    await consumer.stop();
    expect(await engine.commands.xinfo('CONSUMERS', engine.partition.feed, 'researcher')).toEqual([]);
  });
});

describe('a server that comes back', () => {
  test('finds the consumer at work again, with what was pending', async () => {
    const handled: string[] = [];
    const consumer = engine.consume({ name: 'one', handle: async (task) => void handled.push(task.room) });
    const before = await engine.createRoom();
    await until(async () => handled.includes(before));
    await valkey.kill();
    await consumer.reported('store_away');
    await valkey.restart();
    await until(async () => engine.commands.status === 'ready');
    const after = await engine.createRoom();
    await until(async () => handled.includes(after) && (await pending()) === 0);
  });
});
