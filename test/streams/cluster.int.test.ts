// The engine on a cluster: the same log, wherever a room lies; a doorbell that wakes readers; functions on
// primaries that lost them; acknowledgements that wait for a replica.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import slotOf from 'cluster-key-slot';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Game } from '../../core/game.ts';
import { Epoch, RoomCode } from '../../core/ids.ts';
import { defaultSettings } from '../../core/settings.ts';
import { exportRoom, importRoom, readArchive } from '../../server/operate/archive.ts';
import { examine } from '../../server/operate/doctor.ts';
import { groupsOf } from '../../server/operate/groups.ts';
import { operatorOn } from '../../server/operate/operator.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { createMemory } from '../../server/stores/memory.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { runConsumer } from '../../streams/consume/consumer.ts';
import { createExclusion } from '../../streams/consume/exclusion.ts';
import { createFeed, type Feed } from '../../streams/consume/feed.ts';
import { createSemaphore } from '../../streams/consume/semaphore.ts';
import type { EventLog } from '../../streams/contract/event-log.ts';
import { isAway } from '../../streams/contract/fault.ts';
import { createCommandHandler } from '../../streams/handle/command-handler.ts';
import { createEventLog } from '../../streams/log/event-log.ts';
import { replicatedLog } from '../../streams/log/replicated-log.ts';
import { logContract } from '../../streams/testing.ts';
import { noTelemetry } from '../../streams/trace/telemetry.ts';
import { newTraceparent } from '../../streams/trace/traceparent.ts';
import { untilReady, type Valkey } from '../../streams/valkey/connection.ts';
import { openStore, type Store } from '../../streams/valkey/store.ts';
import { describeMemory, dimensions } from '../server/stores/memory.contract.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { pace, startEngine } from '../support/engine.ts';
import { gameOn } from '../support/game-on.ts';
import { logOnValkey } from '../support/log-on-valkey.ts';
import { changed, createIn as createRoomIn, request, testAnswerGuards } from '../support/room-log.ts';
import { startTestValkey } from '../support/valkey.ts';

let cluster: TestCluster;
let store: Store;
let commands: Valkey;
let log: EventLog<Game>;

beforeAll(async () => {
  cluster = await startTestCluster();
  store = await openStore(cluster.url, AbortSignal.timeout(10_000));
  commands = store.connect('test');
  await untilReady(commands, AbortSignal.timeout(10_000));
  log = createEventLog(commands, createGameKeys(store), gameStream);
}, 60_000);
afterAll(async () => {
  commands.disconnect();
  store.close();
  await cluster.stop();
});

describe('the log on a cluster', () => {
  for (const { name, run } of logContract) test(name, () => run(logOnValkey(commands, store)));
});
testAnswerGuards('the log on a cluster', () => log);

let spaces = 0;
describeMemory('the memory on a cluster', async () => {
  await commands.del(createGameKeys(store).memory.rooms);
  return createMemory(commands, createGameKeys(store), { space: `test_${spaces++}`, dimensions });
});

/** Resolves when the feed has given an entry. */
async function firstOf(feed: Feed): Promise<void> {
  do await feed.woken(5_000);
  while ((await feed.read(1, 0)).length === 0);
}

/** Codes for as many partitions. */
function roomsApart(count: number): RoomCode[] {
  const found = new Map<string, RoomCode>();
  const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
  for (const a of letters) {
    for (const b of letters) {
      const room = RoomCode.parse(`QQQQ${a}${b}`);
      if (found.size < count) found.set(createGameKeys(store).of(room).feed, room);
    }
  }
  return [...found.values()];
}

const createIn = (room: RoomCode) => {
  const command = {
    type: 'createRoom',
    epoch: Epoch.parse(ulid()),
    settings: defaultSettings,
    pace,
  } as const;
  return createCommandHandler(log, gameStream).handle(room, () => command, {
    by: 'server',
    traceparent: newTraceparent(),
  });
};

describe('a reader', () => {
  test('is woken by a wake-up, long before it would look by itself', async () => {
    const apart = roomsApart(24);
    expect(apart).toHaveLength(24);
    const waited = await Promise.all(
      apart.map(async (room) => {
        const keys = createGameKeys(store).of(room);
        const reader = store.reader(keys, commands, 'test');
        const feed = createFeed({
          definition: gameStream,
          reader,
          commands,
          keys,
          group: 'writer',
          consumer: 'test',
        });
        await feed.open();
        // Until somebody listens at the primary of this slot: from then on every wake-up is heard.
        await expect
          .poll(async () =>
            Number(((await commands.call('PUBSUB', 'SHARDNUMSUB', keys.feed)) as [string, number])[1]),
          )
          .toBeGreaterThan(0);
        await feed.read(1, 0);
        const reading = firstOf(feed);
        await createIn(room);
        const since = performance.now();
        await reading;
        return performance.now() - since;
      }),
    );
    waited.sort((a, b) => a - b);
    console.log(`24 readers in as many partitions woken within ${waited.at(-1)?.toFixed(0)} ms`);
    expect(waited.at(-1)).toBeLessThan(500);
  });
});

test('no command of an agent asks a node that has not got its slot', async () => {
  const feeds = roomsApart(52)
    .slice(40)
    .map((room) => {
      const keys = createGameKeys(store).of(room);
      const reader = store.reader(keys, commands, 'test');
      const feed = createFeed({
        definition: gameStream,
        reader,
        commands,
        keys,
        group: 'writer',
        consumer: 'straight',
      });
      return {
        room,
        feed,
        tail: { command: 'xread', options: [], streams: [keys.feed], after: ['0'] } as const,
        reader,
      };
    });
  for (const { feed } of feeds) await feed.open();
  const primaries = await cluster.primaries();
  for (const { admin } of primaries) await admin.config('RESETSTAT');
  for (const { room, feed, reader, tail } of feeds) {
    await createIn(room);
    expect(await reader.read(tail, 0)).not.toBeNull();
    const [entry] = await feed.read(1, 0);
    await feed.ownPending('0-0');
    await feed.claim(1);
    await feed.renew([entry?.id ?? '']);
    await feed.ack([entry?.id ?? '']);
  }
  const errors = await Promise.all(primaries.map(({ admin }) => admin.info('errorstats')));
  expect(errors.join()).not.toContain('MOVED');
});

test('an agent has no more in hand over all partitions than it may handle at once', async () => {
  const apart = roomsApart(64).slice(52);
  for (const room of apart) await createIn(room);
  const group = 'editor' as const;
  const inHand = async () => {
    const pending = apart.map((room) =>
      commands.xpending(createGameKeys(store).of(room).feed, group).catch(() => [0]),
    );
    return (await Promise.all(pending)).reduce((sum, [count]) => sum + Number(count), 0);
  };
  const seen: number[] = [];
  const stop = new AbortController();
  // Two by two: while both wait, nothing that was taken before is unfinished.
  let pair = Promise.withResolvers<void>();
  let handled = 0;
  const handle = async () => {
    handled += 1;
    if (handled % 2 === 1) return pair.promise;
    seen.push(await inHand());
    pair.resolve();
    pair = Promise.withResolvers();
    if (handled === apart.length) stop.abort();
  };
  const agent = { group, wakes: new Set(['ROOM_CREATED'] as const), timers: false, handle };
  const shared = {
    ...({
      agent,
      group,
      by: 'editor',
      consumer: 'test',
      commands,
      log,
      definition: gameStream,
      handler: createCommandHandler(log, gameStream),
    } as const),
    ...{
      exclusion: createExclusion(),
      semaphore: createSemaphore(2),
      handlerMsMax: 60_000,
      beforeDeadLetter: async () => undefined,
    },
    ...{ chance: () => 0, clock: Date.now, report: () => undefined, telemetry: noTelemetry },
  };
  await Promise.all(
    apart.map((room) => {
      const keys = createGameKeys(store).of(room);
      const reader = store.reader(keys, commands, 'test');
      const feed = createFeed({ definition: gameStream, reader, commands, keys, group, consumer: 'test' });
      return runConsumer({ ...shared, keys, feed }, stop.signal).finally(reader.end);
    }),
  );
  expect(seen).toEqual(apart.slice(0, apart.length / 2).map(() => 2));
});

test('a primary that lost the functions is given them again at the first call', async () => {
  for (const { admin } of await cluster.primaries()) await admin.call('FUNCTION', 'FLUSH');
  for (const room of roomsApart(64).slice(24, 40)) expect((await createIn(room)).status).toBe('done');
});

describe('an acknowledgement that waits for a replica', () => {
  test('does not come while no replica answers, and comes with the same request once one does', async () => {
    const replicas = store.replicas(createGameKeys(store));
    const durable = replicatedLog(log, replicas);
    const room = await createRoomIn(durable);
    const primary = await primaryOfRoom(room);
    const followers = await followersOf(primary?.id ?? '');
    expect(followers).toHaveLength(1);
    const commit = request(room, [changed(7)], { key: 'seven' });
    for (const { pid } of followers) process.kill(pid(), 'SIGSTOP');
    const refused = await durable.commit(commit).catch((error: unknown) => error);
    expect(isAway(refused)).toBe(true);
    expect(String(refused)).toContain('not on a replica yet');
    // Known by its key, and still on one server alone.
    const again = await durable.commit(commit).catch((error: unknown) => error);
    expect(String(again)).toContain('not on a replica yet');
    for (const { pid } of followers) process.kill(pid(), 'SIGCONT');
    await expect
      .poll(() => durable.commit(commit).catch(() => null), { timeout: 10_000 })
      .toMatchObject({ status: 'dup', rev: 2 });
    replicas.close();
  });
});

async function primaryOfRoom(room: RoomCode) {
  const slot = slotOf(createGameKeys(store).of(room).log);
  const primaries = await cluster.primaries();
  const ranges = (await commands.call('CLUSTER', 'SLOTS')) as [number, number, [string, number, string]][];
  const owner = ranges.find(([from, to]) => from <= slot && slot <= to)?.[2][2];
  return primaries.find(({ id }) => id === owner);
}

async function followersOf(id: string) {
  const lines = String(await cluster.nodes[0]?.admin.call('CLUSTER', 'NODES')).split('\n');
  const ids = lines.filter((line) => line.split(' ')[3] === id).map((line) => line.split(' ')[0]);
  return cluster.nodes.filter((node) => ids.includes(node.id));
}

describe('the desk', () => {
  test('sees the groups of every partition', async () => {
    const looks = await groupsOf({ connection: commands, keys: createGameKeys(store) });
    expect(new Set(looks.map(({ feed }) => feed)).size).toBeGreaterThanOrEqual(24);
  });

  test('names the primary that something is wrong with', async () => {
    const there = operatorOn(gameOn(commands, store), 'test');
    const [first] = await cluster.primaries();
    if (first === undefined) throw new Error('no primary');
    const saidOf = async () => (await examine(there)).map(({ mood, what }) => `${mood}: ${what}`);
    expect(await saidOf()).toContain('good: a cluster, every slot of which is served by 3 primaries');
    await first.admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    expect(await saidOf()).toContain(
      `bad: 127.0.0.1:${first.port}: maxmemory-policy is allkeys-lru: events may be thrown away`,
    );
    await first.admin.config('SET', 'maxmemory-policy', 'noeviction');
  });

  test('takes a room from a cluster to a single Valkey and back', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'arena-archive-'));
    const room = await createRoomIn(log);
    const there = operatorOn(gameOn(commands, store), 'test');
    const text = async (operator: typeof there) => {
      const lines: string[] = [];
      for await (const line of exportRoom(operator, room)) lines.push(line);
      return `${lines.join('\n')}\n`;
    };
    const archive = await text(there);
    await writeFile(join(folder, 'room.ndjson'), archive);
    const single = await startTestValkey();
    const engine = await startEngine(single.url);
    const here = operatorOn(gameOn(engine.commands), 'test');
    await importRoom(here, readArchive(archive));
    expect(await text(here)).toBe(archive);
    const { meta, log: name, done, tokens } = createGameKeys(store).of(room);
    await commands.unlink(meta, name, done, tokens);
    await importRoom(there, readArchive(await text(here)));
    expect(await text(there)).toBe(archive);
    await engine.close();
    await single.stop();
    await rm(folder, { recursive: true, force: true });
  });
});

// Last: without slots again, it becomes one more replica of whoever has them.
test('a primary that joins is given the functions with the first slot that moves there, and is heard', async () => {
  const room = await createRoomIn(log);
  const owner = await primaryOfRoom(room);
  if (owner === undefined) throw new Error('a room has a primary');
  const keys = createGameKeys(store).of(room);
  const reader = store.reader(keys, commands, 'test');
  const feed = createFeed({
    definition: gameStream,
    reader,
    commands,
    keys,
    group: 'writer',
    consumer: 'joined',
  });
  await feed.open();
  while ((await feed.read(100, 0)).length > 0);
  const fresh = await cluster.join();
  await cluster.moveSlot(slotOf(keys.log), owner, fresh);
  const waiting = firstOf(feed);
  expect(await log.commit(request(room, [changed(9)]))).toMatchObject({ status: 'ok', rev: 2 });
  await waiting;
  expect(String(await fresh.admin.call('FUNCTION', 'LIST'))).toContain('arena_');
  await cluster.moveSlot(slotOf(keys.log), fresh, owner);
});
