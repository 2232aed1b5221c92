// Handlers that meet a part of the store that is away, as on a cluster one of whose primaries has died: the
// entry's own part answers all the while.

import { expect, test } from 'vitest';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { groupInfos } from '../../streams/admin/group-infos.ts';
import { runBatchConsumer } from '../../streams/consume/batch-consumer.ts';
import { createFeed } from '../../streams/consume/feed.ts';
import { Fault } from '../../streams/contract/fault.ts';
import { engineLimits } from '../../streams/parts.ts';
import { noTelemetry } from '../../streams/trace/telemetry.ts';
import { connect } from '../../streams/valkey/connection.ts';
import { blockingReader } from '../../streams/valkey/stream-reader.ts';
import { engineForEach } from '../support/engine-for-each.ts';

const each = engineForEach();

const elsewhere = () => new Fault('unavailable', 'another node is away', { retryable: true });

test('a try that found a part of the store away counts as none, however many there are', async () => {
  const attempts: number[] = [];
  const consumer = each.engine.consume({
    name: 'one',
    async handle({ attempt }) {
      attempts.push(attempt);
      if (attempts.length < 4) throw elsewhere();
    },
  });
  await each.engine.createRoom();
  await expect.poll(() => attempts.length).toBe(4);
  await expect.poll(each.pending).toBe(0);
  await consumer.stop();
  expect(attempts).toEqual([1, 1, 1, 1]);
  expect(consumer.reports.map(({ what }) => what)).toEqual([...Array(3).fill('store_away'), 'handled']);
  expect(await each.engine.commands.hgetall(each.engine.partition.attempts)).toEqual({});
});

test('a room whose work needs what is away keeps no other room from being worked on, and is worked on again', async () => {
  const { commands, partition } = each.engine;
  const reader = blockingReader(connect(each.valkey.url, 'batch'));
  const feed = createFeed({
    definition: gameStream,
    reader,
    commands,
    keys: partition,
    group: 'projector',
    consumer: 'one',
  });
  const stop = new AbortController();
  let away: string | null = null;
  const worked: string[] = [];
  const running = runBatchConsumer(
    {
      ...{
        definition: gameStream,
        feed,
        commands,
        keys: partition,
        group: 'projector',
        consumer: 'one',
        telemetry: noTelemetry,
      },
      ...{ chance: () => 0, clock: Date.now, report: () => undefined },
      async work(room) {
        away ??= room;
        if (room === away) throw elsewhere();
        worked.push(room);
      },
    },
    stop.signal,
  ).finally(reader.end);
  const first = await each.engine.createRoom();
  await expect.poll(() => away).toBe(first);
  const rest = [await each.engine.createRoom(), await each.engine.createRoom()];
  await expect.poll(() => worked).toEqual(rest);
  away = '';
  // A lease later at the latest.
  await expect.poll(() => worked, { timeout: 3 * engineLimits.leaseMs }).toEqual([...rest, first]);
  await expect.poll(async () => (await groupInfos(commands, partition.feed))[0]?.pending).toBe(0);
  stop.abort(new Error('the test is over'));
  await running;
  expect(await commands.xlen(partition.dead)).toBe(0);
}, 30_000);

test('an entry is buried once its game was cared for, and not before', async () => {
  const lettersThen: number[] = [];
  const consumer = each.engine.consume({
    name: 'one',
    async handle() {
      throw new Fault('unwritable_event', 'no other try helps', { retryable: false });
    },
    async beforeDeadLetter() {
      lettersThen.push(await each.engine.commands.xlen(each.engine.partition.dead));
      if (lettersThen.length === 1) throw elsewhere();
    },
  });
  await each.engine.createRoom();
  await consumer.reported('dead_lettered');
  expect(lettersThen).toEqual([0, 0]);
  expect(await each.engine.commands.xlen(each.engine.partition.dead)).toBe(1);
  expect(await each.pending()).toBe(0);
});
