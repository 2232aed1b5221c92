// Entries between two consumers: what is found behind fresh ones, who may write a dead letter, and what came
// while a handler was at work.

import { expect, test } from 'vitest';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { createAttempts } from '../../streams/consume/attempts.ts';
import { createFeed } from '../../streams/consume/feed.ts';
import { engineLimits } from '../../streams/parts.ts';
import { blockingReader } from '../../streams/valkey/stream-reader.ts';
import { engineForEach, inTime, until } from '../support/engine-for-each.ts';

const each = engineForEach();
const group = 'researcher';

test('a look for what was left behind goes on where the last one stopped, also behind much that is fresh', async () => {
  const { commands, partition } = each.engine;
  for (let rooms = 0; rooms < 12; rooms++) await each.engine.createRoom();
  const given = await each.engine.readAndDie('dead', 12);
  const last = given.at(-1)?.id ?? '';
  const idle = String(engineLimits.leaseMs * 2);
  await commands.xclaim(partition.feed, group, 'dead', 0, last, 'IDLE', idle, 'JUSTID');
  const reading = { definition: gameStream, reader: blockingReader(commands), commands, keys: partition };
  const feed = createFeed({ ...reading, group, consumer: 'alive' });
  // Of each look the server examines ten entries for each that is wanted.
  const found = [...(await feed.claim(1)), ...(await feed.claim(1))];
  expect(found.map(({ id }) => id)).toEqual([last]);
});

test('a consumer that lost its lease writes no dead letter, and leaves the entry to its new owner', async () => {
  const { commands, partition } = each.engine;
  await each.engine.createRoom();
  const [entry] = await each.engine.readAndDie('slow', 1);
  const id = entry?.id ?? '';
  await commands.xclaim(partition.feed, group, 'other', 0, id);
  const late = createAttempts({ commands, keys: partition, group, consumer: 'slow' });
  expect(await late.deadLetter(id, { reason: 'exceptions' })).toBe(null);
  expect(await each.deadLetters()).toEqual([]);
  const pending = (await commands.xpending(partition.feed, group, '-', '+', 10)) as string[][];
  expect(pending.map(([entryId, owner]) => [entryId, owner])).toEqual([[id, 'other']]);
});

test('what came while a handler only looked makes it look again before its entry is acknowledged', async () => {
  const seen: number[] = [];
  const looked = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  each.engine.consume({
    name: 'one',
    async handle(task) {
      seen.push((await task.load()).rev);
      looked.resolve();
      await goOn.promise;
    },
  });
  const room = await each.engine.createRoom();
  await inTime('the first look', looked.promise);
  const change = { type: 'changeSettings', change: { rounds: 3 }, requestId: 'three' } as const;
  await each.engine.rooms.handle(room, () => change, each.engine.context);
  goOn.resolve();
  // At once: not as something that was left behind.
  await until(async () => (await each.pending()) === 0, engineLimits.leaseMs / 2);
  expect(seen).toEqual([1, 2]);
});
