import { expect, test } from 'vitest';
import type { RoomCode } from '../../core/ids.ts';
import { engineLimits, pause } from '../../streams/parts.ts';
import { engineForEach } from '../support/engine-for-each.ts';

const each = engineForEach();

const forEver = () => new Promise<never>(() => undefined);
const shorter = { type: 'changeSettings', change: { rounds: 3 }, requestId: 'shorter' } as const;

const revOf = async (room: RoomCode) => (await each.engine.rooms.load(room)).rev;

test('a handler that does not come back is told, gives its slot to others, and its entry becomes a dead letter', async () => {
  const signals: AbortSignal[] = [];
  const handled: string[] = [];
  let bad: string | null = null;
  const consumer = each.engine.consume({
    name: 'one',
    concurrency: 1,
    handlerMsMax: 1_000,
    async handle({ stream: room, signal }) {
      bad ??= room;
      if (room !== bad) return void handled.push(room);
      signals.push(signal);
      await forEver();
    },
  });
  const first = await each.engine.createRoom();
  await consumer.reported('dead_lettered');
  const good = await each.engine.createRoom();
  await expect.poll(() => handled).toEqual([good]);
  await expect.poll(each.pending).toBe(0);
  expect(signals.map((signal) => signal.aborted)).toEqual(new Array(engineLimits.exceptionsMax).fill(true));
  const message = 'the handler had not come back after 1000 ms';
  expect(await each.deadLetters()).toMatchObject([{ reason: 'exceptions', message, room: first }]);
});

test('it does not hold up the end of its process, and leaves its entry to others', async () => {
  const started = Promise.withResolvers<void>();
  const first = each.engine.consume({
    name: 'first',
    async handle() {
      started.resolve();
      await forEver();
    },
  });
  const room = await each.engine.createRoom();
  await started.promise;
  await first.stop();
  const { promise, resolve } = Promise.withResolvers<string>();
  each.engine.consume({ name: 'second', handle: async (task) => resolve(task.stream) });
  expect(await promise).toBe(room);
});

test.each([
  ['submits too late', 'before'],
  ['is too slow in making its command', 'within'],
] as const)('a handler that %s changes nothing any more', async (_what, lingers) => {
  const late = Promise.withResolvers<unknown>();
  let tries = 0;
  const consumer = each.engine.consume({
    name: 'one',
    handlerMsMax: 1_000,
    async handle(task) {
      tries += 1;
      if (tries > 1) return;
      const told = new Promise((resolve) => task.signal.addEventListener('abort', resolve));
      if (lingers === 'before') await told;
      const make = async () => {
        if (lingers === 'within') await told;
        return shorter;
      };
      late.resolve(await task.submit(make, { last: true }).catch((error: unknown) => error));
    },
  });
  const room = await each.engine.createRoom();
  expect(String(await late.promise)).toContain('had not come back');
  await expect.poll(async () => [tries, await each.pending()]).toEqual([2, 0]);
  await consumer.stop();
  expect(await revOf(room)).toBe(1);
});

test('a command that is never made holds up neither the next try nor the room', async () => {
  let tries = 0;
  each.engine.consume({
    name: 'one',
    handlerMsMax: 1_000,
    async handle(task) {
      tries += 1;
      await task.submit(tries === 1 ? forEver : () => shorter, { last: true });
    },
  });
  const room = await each.engine.createRoom();
  await expect.poll(() => revOf(room)).toBe(2);
  await expect.poll(each.pending).toBe(0);
  expect(await each.deadLetters()).toEqual([]);
});

test('an entry that its handler has acknowledged is not told lost while the handler goes on', async () => {
  const done = Promise.withResolvers<boolean>();
  const consumer = each.engine.consume({
    name: 'one',
    handlerMsMax: 10_000,
    async handle(task) {
      await task.submit(() => shorter, { last: true });
      // Longer than from one renewal of leases to the next but one.
      await pause(engineLimits.leaseMs * 0.8, AbortSignal.timeout(10_000));
      done.resolve(task.signal.aborted);
    },
  });
  await each.engine.createRoom();
  expect(await done.promise).toBe(false);
  expect(consumer.reports.map(({ what }) => what)).not.toContain('lost');
  await consumer.stop();
});

test('a handler that does not come back from its last commit is done, and nothing is kept of it', async () => {
  let tries = 0;
  const consumer = each.engine.consume({
    name: 'one',
    handlerMsMax: 1_000,
    async handle(task) {
      tries += 1;
      await task.submit(() => shorter, { last: true });
      await forEver();
    },
  });
  const room = await each.engine.createRoom();
  await consumer.reported('lost');
  const next = await each.engine.createRoom();
  await expect.poll(() => revOf(next)).toBe(2);
  await expect.poll(() => consumer.reports.length).toBe(2);
  await consumer.stop();
  expect([tries, await revOf(room), await each.pending()]).toEqual([2, 2, 0]);
  expect(await each.engine.commands.hgetall(each.engine.partition.attempts)).toEqual({});
});
