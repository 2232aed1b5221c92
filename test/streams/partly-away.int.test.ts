// Handlers that meet a part of the store that is away, as on a cluster one of whose primaries has died: the
// entry's own part answers all the while.

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { limits } from '../../core/limits.ts';
import { Fault } from '../../core/ports.ts';
import { noTelemetry } from '../../core/telemetry.ts';
import { runBatchConsumer } from '../../streams/batch-consumer.ts';
import { connect } from '../../streams/connection.ts';
import { createFeed } from '../../streams/feed.ts';
import { groupInfos } from '../../streams/group-infos.ts';
import { blockingLine } from '../../streams/line.ts';
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

const elsewhere = () => new Fault('unavailable', 'another node is away', { retryable: true });

async function pending(): Promise<number> {
  const [count] = (await engine.commands.xpending(engine.partition.feed, 'researcher')) as [number];
  return count;
}

test('a try that found a part of the store away counts as none, however many there are', async () => {
  const attempts: number[] = [];
  const consumer = engine.consume({
    name: 'one',
    async handle({ attempt }) {
      attempts.push(attempt);
      if (attempts.length < 4) throw elsewhere();
    },
  });
  await engine.createRoom();
  await expect.poll(() => attempts.length).toBe(4);
  await expect.poll(pending).toBe(0);
  await consumer.stop();
  expect(attempts).toEqual([1, 1, 1, 1]);
  expect(consumer.reports.map(({ what }) => what)).toEqual([...Array(3).fill('store_away'), 'handled']);
  expect(await engine.commands.hgetall(engine.partition.attempts)).toEqual({});
});

test('a room whose work needs what is away keeps no other room from being worked on, and is worked on again', async () => {
  const { commands, partition } = engine;
  const line = blockingLine(connect(valkey.url, 'batch'));
  const feed = createFeed({ line, commands, keys: partition, group: 'projector', consumer: 'one' });
  const stop = new AbortController();
  let away: string | null = null;
  const worked: string[] = [];
  const running = runBatchConsumer(
    {
      ...{ feed, commands, keys: partition, group: 'projector', consumer: 'one', telemetry: noTelemetry },
      ...{ chance: () => 0, clock: Date.now, report: () => undefined },
      async work(room) {
        away ??= room;
        if (room === away) throw elsewhere();
        worked.push(room);
      },
    },
    stop.signal,
  ).finally(line.end);
  const first = await engine.createRoom();
  await expect.poll(() => away).toBe(first);
  const rest = [await engine.createRoom(), await engine.createRoom()];
  await expect.poll(() => worked).toEqual(rest);
  away = '';
  // A lease later at the latest.
  await expect.poll(() => worked, { timeout: 3 * limits.leaseMs }).toEqual([...rest, first]);
  await expect.poll(async () => (await groupInfos(commands, partition.feed))[0]?.pending).toBe(0);
  stop.abort(new Error('the test is over'));
  await running;
  expect(await commands.xlen(partition.dead)).toBe(0);
}, 30_000);

test('an entry is buried once its game was cared for, and not before', async () => {
  const lettersThen: number[] = [];
  const consumer = engine.consume({
    name: 'one',
    async handle() {
      throw new Fault('unwritable_event', 'no other try helps', { retryable: false });
    },
    async burying() {
      lettersThen.push(await engine.commands.xlen(engine.partition.dead));
      if (lettersThen.length === 1) throw elsewhere();
    },
  });
  await engine.createRoom();
  await consumer.reported('buried');
  expect(lettersThen).toEqual([0, 0]);
  expect(await engine.commands.xlen(engine.partition.dead)).toBe(1);
  expect(await pending()).toBe(0);
});
