// What a consumer does with an entry: whom it wakes, and what becomes of one whose handler throws.

import { ulid } from 'ulid';
import { describe, expect, test } from 'vitest';
import { PlayerId } from '../../core/ids.ts';
import { UnreadableEvent } from '../../streams/contract/envelope.ts';
import { Fault } from '../../streams/engine.ts';
import { engineLimits } from '../../streams/parts.ts';
import { engineForEach, inTime, until } from '../support/engine-for-each.ts';

const each = engineForEach();

describe('an entry', () => {
  test('wakes the agent it concerns, with its events, and is acknowledged', async () => {
    const { promise, resolve } = Promise.withResolvers<readonly string[]>();
    each.engine.consume({
      name: 'one',
      handle: async (task) => resolve(task.events.map((event) => event.type)),
    });
    await each.engine.createRoom();
    expect(await promise).toEqual(['ROOM_CREATED']);
    await until(async () => (await each.pending()) === 0);
    expect(await each.engine.commands.hlen(each.engine.partition.attempts)).toBe(0);
  });

  test('that does not concern the agent is acknowledged unread', async () => {
    let handled = 0;
    each.engine.consume({ name: 'one', wakes: ['GAME_OVER'], handle: async () => void handled++ });
    await each.engine.createRoom();
    await until(async () => {
      const [group] = (await each.engine.commands.xinfo('GROUPS', each.engine.partition.feed)) as unknown[][];
      return group?.at(-1) === 0 && (await each.pending()) === 0;
    });
    expect(handled).toBe(0);
  });

  test('that nobody can read becomes a dead letter, and the loop goes on', async () => {
    const handled: string[] = [];
    const consumer = each.engine.consume({
      name: 'one',
      handle: async (task) => void handled.push(task.stream),
    });
    await each.engine.commands.xadd(each.engine.partition.feed, '*', 'garbage', '\u0000{', 'room', 'no');
    const room = await each.engine.createRoom();
    await until(async () => handled.length === 1 && (await each.pending()) === 0);
    expect(handled).toEqual([room]);
    expect(consumer.reports.map(({ what }) => what)).toContain('dead_lettered');
    expect(await each.deadLetters()).toMatchObject([
      { reason: 'unreadable', pointer: expect.stringContaining('garbage') },
    ]);
  });

  test('about a log entry that cannot be decoded is buried at the first failure', async () => {
    const room = await each.engine.createRoom();
    const { log, meta } = each.engine.keys.of(room);
    await each.engine.commands.xadd(log, '2-0', 'type', 'NO_SUCH_TYPE', 'at', '1', 'e', '{}');
    await each.engine.commands.hset(meta, 'rev', 2);
    const consumer = each.engine.consume({ name: 'one', handle: async (task) => void (await task.load()) });
    await inTime('the dead letter', consumer.reported('dead_lettered'));
    expect(await each.deadLetters()).toMatchObject([
      { reason: 'not_retryable', errorClass: 'UnreadableEvent' },
    ]);
    const other = await each.engine.createRoom();
    await until(async () => (await each.engine.rooms.load(other)).rev === 1 && (await each.pending()) === 0);
  });
});

test('a handler that fails is told of with its group, what woke it, its words and where the letter lies', async () => {
  const room = await each.engine.createRoom();
  const ill = new Fault('unwell', 'no ink is left', { retryable: false });
  let tries = 0;
  const consumer = each.engine.consume({
    name: 'one',
    handle: () => Promise.reject(tries++ === 0 ? new Error('the printer jams') : ill),
  });
  const about = { group: 'researcher', stream: room, woken_by: 'ROOM_CREATED' };
  expect(await consumer.reported('retry')).toMatchObject({ ...about, error: 'Error: the printer jams' });
  const told = await inTime('the dead letter', consumer.reported('dead_lettered'));
  const { dead } = each.engine.partition;
  const letter = { reason: 'not_retryable', list: `valkey-cli XRANGE ${dead} - +` };
  expect(told).toMatchObject({ ...about, ...letter, error: 'Fault: no ink is left' });
});

test('an entry whose work was done before, and would now be refused, is acknowledged', async () => {
  const statuses: string[] = [];
  const playerId = PlayerId.parse(ulid());
  each.engine.consume({
    name: 'one',
    wakes: ['SETTINGS_CHANGED'],
    async handle(task) {
      // By its own first time the name is taken.
      const join = { type: 'joinPlayer', playerId, name: 'Ada', nonceHash: 'ada' } as const;
      statuses.push((await task.submit(() => join, { last: true })).status);
    },
  });
  const room = await each.engine.createRoom();
  for (const rounds of [3, 4]) {
    const change = { type: 'changeSettings', change: { rounds }, requestId: `to ${rounds}` } as const;
    await each.engine.rooms.handle(room, () => change, each.engine.context);
    await until(async () => statuses.length === rounds - 2);
  }
  await until(async () => (await each.pending()) === 0);
  expect(statuses).toEqual(['done', 'dup']);
});

describe('a handler that throws', () => {
  test('is tried again and its entry becomes a dead letter after five exceptions', async () => {
    let tries = 0;
    const consumer = each.engine.consume({
      name: 'one',
      handle: async () => {
        tries += 1;
        throw new TypeError('boom 42');
      },
    });
    const room = await each.engine.createRoom();
    await inTime('the dead letter', consumer.reported('dead_lettered'));
    expect(tries).toBe(engineLimits.exceptionsMax);
    expect(await each.pending()).toBe(0);
    const [letter] = await each.deadLetters();
    expect(letter).toMatchObject({
      reason: 'exceptions',
      errorClass: 'TypeError',
      message: 'boom 42',
      exceptions: String(engineLimits.exceptionsMax),
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
    each.engine.consume({
      name: 'one',
      handle: async () => {
        tries += 1;
        if (tries === 1) throw new Error('only once');
      },
    });
    await each.engine.createRoom();
    await until(async () => tries === 2 && (await each.pending()) === 0);
    expect(await each.deadLetters()).toEqual([]);
  });

  test.each([
    ['an error whose message is no text', Object.assign(new Error('x'), { message: { code: 42 } })],
    ['an object that cannot be told', Object.create(null)],
    ['nothing', undefined],
  ])('with %s becomes a dead letter like any other', async (_what, thrown) => {
    const consumer = each.engine.consume({
      name: 'one',
      async handle() {
        throw thrown;
      },
    });
    await each.engine.createRoom();
    await inTime('the dead letter', consumer.reported('dead_lettered'));
    expect(await each.deadLetters()).toMatchObject([{ reason: 'exceptions', exceptions: '5' }]);
    expect(await each.pending()).toBe(0);
  });

  test('with a fault that no retry helps is buried at once', async () => {
    let tries = 0;
    const consumer = each.engine.consume({
      name: 'one',
      handle: async () => {
        tries += 1;
        throw new UnreadableEvent('from the future');
      },
    });
    await each.engine.createRoom();
    await inTime('the dead letter', consumer.reported('dead_lettered'));
    expect(tries).toBe(1);
    expect(await each.deadLetters()).toMatchObject([{ reason: 'not_retryable' }]);
  });

  test('does not hold up other rooms', async () => {
    const handled: string[] = [];
    let bad = '';
    each.engine.consume({
      name: 'one',
      handle: async (task) => {
        if (task.stream === bad) throw new Error('this room again');
        handled.push(task.stream);
      },
    });
    await each.engine.createRoom().then((room) => {
      bad = room;
    });
    const good = await each.engine.createRoom();
    await until(async () => handled.includes(good));
  });
});
