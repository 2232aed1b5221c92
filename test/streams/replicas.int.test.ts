// One Valkey with a replica, as many have it: what is acknowledged with ARENA_DURABILITY=replicated outlives
// the server that took it.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGameKeys } from '../../server/stores/keys.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { isAway } from '../../streams/contract/fault.ts';
import { createEventLog } from '../../streams/log/event-log.ts';
import { replicatedLog } from '../../streams/log/replicated-log.ts';
import { untilReady, type Valkey } from '../../streams/valkey/connection.ts';
import type { Replicas } from '../../streams/valkey/replicas.ts';
import { openStore, type Store } from '../../streams/valkey/store.ts';
import { answered, changed, createIn, request } from '../support/room-log.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';

let primary: TestValkey;
let replica: TestValkey;
let store: Store;
let commands: Valkey;
let replicas: Replicas;

beforeAll(async () => {
  primary = await startTestValkey(['--repl-diskless-sync-delay', '0']);
  replica = await startTestValkey(['--replicaof', `127.0.0.1 ${primary.port}`]);
  store = await openStore(primary.url, AbortSignal.timeout(5_000));
  commands = store.connect('test');
  await untilReady(commands, AbortSignal.timeout(5_000));
  replicas = store.replicas(createGameKeys(store));
});
afterAll(async () => {
  replicas.close();
  commands.disconnect();
  store.close();
  await Promise.all([primary.stop(), replica.stop()]);
});

const followed = () =>
  expect.poll(() => commands.info('replication'), { timeout: 10_000 }).toContain('state=online');

test('a burst of answers is on the replica when it is acknowledged, and few WAITs serve all of it', async () => {
  await followed();
  const plain = createEventLog(commands, createGameKeys(store), gameStream);
  const durable = replicatedLog(plain, replicas);
  const burst = async (log: typeof plain) => {
    const room = await createIn(log);
    const since = performance.now();
    const answers = Array.from({ length: 500 }, (_, index) =>
      log.commit(request(room, [answered()], { key: `answer:${index}`, expect: { guards: [] } })),
    );
    const outcomes = await Promise.all(answers);
    expect(outcomes.every(({ status }) => status === 'ok')).toBe(true);
    return { room, ms: Math.round(performance.now() - since) };
  };
  const onDisk = await burst(plain);
  await commands.config('RESETSTAT');
  const onReplica = await burst(durable);
  const there = await openStore(replica.url, AbortSignal.timeout(5_000));
  const reading = there.connect('test');
  await untilReady(reading, AbortSignal.timeout(5_000));
  expect((await createEventLog(reading, createGameKeys(there), gameStream).head(onReplica.room))?.rev).toBe(
    501,
  );
  reading.disconnect();
  there.close();
  const stats = await commands.info('commandstats');
  const waits = Number(/cmdstat_wait:calls=(\d+)/.exec(stats)?.[1]);
  console.log(
    `500 answers at once: on disk ${onDisk.ms} ms, on a replica ${onReplica.ms} ms with ${waits} WAITs`,
  );
  expect(waits).toBeLessThan(100);
});

test.each([
  ['an event', [changed(7)], 2],
  ['the result of a step', [], 1],
] as const)(
  '%s is not acknowledged while the replica is away, and a repeat is once it is back',
  async (_what, bodies, rev) => {
    await followed();
    const durable = replicatedLog(createEventLog(commands, createGameKeys(store), gameStream), replicas);
    const room = await createIn(durable);
    const commit = request(room, bodies, { key: 'seven' });
    process.kill(replica.pid(), 'SIGSTOP');
    const refused = await durable.commit(commit).catch((error: unknown) => error);
    process.kill(replica.pid(), 'SIGCONT');
    expect(isAway(refused)).toBe(true);
    expect(String(refused)).toContain('not on a replica yet');
    await expect
      .poll(() => durable.commit(commit).catch(() => null), { timeout: 10_000 })
      .toMatchObject({ status: 'dup', rev });
  },
);

test('a repeat that knows one of its two keys alone is confirmed by that one', async () => {
  await followed();
  const durable = replicatedLog(createEventLog(commands, createGameKeys(store), gameStream), replicas);
  const room = await createIn(durable);
  const intent = { key: 'intent', content: 'seven' };
  const commit = request(room, [changed(7)], { key: 'first', intent });
  expect(await durable.commit(commit)).toMatchObject({ status: 'ok' });
  const again = request(room, [changed(7)], { key: 'second', intent });
  expect(await durable.commit(again)).toMatchObject({ status: 'dup', note: 'seven' });
});

test('commits that wait for a replica when it is closed are not acknowledged, and open nothing anew', async () => {
  await followed();
  const own = store.replicas(createGameKeys(store));
  const durable = replicatedLog(createEventLog(commands, createGameKeys(store), gameStream), own);
  const room = await createIn(durable);
  process.kill(replica.pid(), 'SIGSTOP');
  // The second waits behind the first.
  const waiting: Promise<unknown>[] = [];
  for (const key of ['first', 'second']) {
    waiting.push(
      durable.commit(request(room, [answered()], { key, expect: { guards: [] } })).catch((e: unknown) => e),
    );
    await expect.poll(() => commands.hexists(createGameKeys(store).of(room).done, key)).toBe(1);
  }
  own.close();
  const refused = await Promise.all(waiting);
  process.kill(replica.pid(), 'SIGCONT');
  expect(refused.map(isAway)).toEqual([true, true]);
  const named = async () => String(await commands.client('LIST')).match(/name=arena-wait/g)?.length ?? 0;
  await expect.poll(named).toBe(1);
});
