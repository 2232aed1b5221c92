// A store that answers and takes no writes: /health, /ready, the metric and the doctor say so and why, each
// cause with its own cure; and all is well again once it is mended.

import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'iovalkey';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { withOperator } from '../../server/cli/desk/with-operator.ts';
import type { Health } from '../../server/health/health.ts';
import { examine } from '../../server/operate/doctor.ts';
import { connect, untilReady } from '../../streams/valkey/connection.ts';
import { startTestCluster } from '../support/cluster.ts';
import { freePort } from '../support/ports.ts';
import { type Serving, serveOn, startServing } from '../support/serving.ts';
import { connectTo, startTestValkey } from '../support/valkey.ts';

let arena: Serving;
let admin: Redis;

beforeAll(async () => {
  arena = await startServing();
  // Its own user, whom nothing is taken from.
  const door = connect(arena.valkey.url, 'test-door');
  await untilReady(door, AbortSignal.timeout(5_000));
  await door.call('ACL', 'SETUSER', 'admin', 'on', '>admin', '+@all', '~*', '&*');
  door.disconnect();
  admin = await connectTo(arena.valkey.url.replace('redis://', 'redis://admin:admin@'));
}, 60_000);
afterAll(async () => {
  admin.disconnect();
  await arena.stop();
});

const config = (name: string, value: string) => admin.config('SET', name, value);
const folder = async () => String(((await admin.config('GET', 'dir')) as string[])[1]);

/** Every snapshot from now on fails: a folder has its name already. */
async function failSnapshots(): Promise<void> {
  await mkdir(join(await folder(), 'dump.rdb'), { recursive: true });
  await config('save', '3600 1000000');
  await admin.call('BGSAVE');
  await expect.poll(() => admin.info('persistence')).toContain('rdb_last_bgsave_status:err');
}

/** The AOF goes on on a device that is always full. With fsync `always` the server would end. */
async function fillDisk(): Promise<void> {
  await config('appendfsync', 'everysec');
  await config('appendonly', 'no');
  await symlink('/dev/full', join(await folder(), 'appendonlydir', 'temp-appendonly.aof.incr'));
  await config('appendonly', 'yes');
  await expect.poll(() => admin.info('persistence')).toContain('aof_rewrite_in_progress:0');
}

async function freeDisk(): Promise<void> {
  await config('appendonly', 'no');
  await config('appendonly', 'yes');
  await config('appendfsync', 'always');
}

const say = (what: string, cure: string) => ({
  what: expect.stringContaining(what),
  cure: expect.stringContaining(cure),
});

const causes: readonly {
  readonly code: string;
  readonly begin: () => Promise<unknown>;
  readonly end: () => Promise<unknown>;
  readonly found: { what: unknown; cure: unknown };
}[] = [
  {
    code: 'store_disk',
    begin: fillDisk,
    end: freeDisk,
    found: say('the disk of the store takes nothing more (No space left on device)', 'Free space'),
  },
  {
    code: 'store_snapshot',
    begin: failSnapshots,
    end: () => config('save', ''),
    found: say('could not save its last snapshot', 'BGSAVE'),
  },
  {
    code: 'store_memory',
    begin: () => config('maxmemory', '1mb'),
    end: () => config('maxmemory', '0'),
    found: say('memory of the store is full', 'Raise maxmemory'),
  },
  {
    code: 'store_replica',
    begin: async () => admin.call('REPLICAOF', '127.0.0.1', await freePort()),
    end: () => admin.call('REPLICAOF', 'NO', 'ONE'),
    found: say('this is a replica, which takes no writes', 'Name its primary'),
  },
  {
    code: 'store_replicas',
    begin: () => config('min-replicas-to-write', '1'),
    end: () => config('min-replicas-to-write', '0'),
    found: say('too few replicas follow', 'min-replicas-to-write 0'),
  },
  {
    code: 'store_rights',
    begin: () => admin.call('ACL', 'SETUSER', 'default', '-zadd'),
    end: () => admin.call('ACL', 'SETUSER', 'default', '+@all'),
    found: say('the user of the store lacks +zadd', 'ACL SETUSER'),
  },
];

const ask = async (path: string) => {
  const reply = await fetch(`${arena.http}${path}`);
  return { status: reply.status, text: await reply.text() };
};
const told = async (path: string) => JSON.parse((await ask(path)).text) as Record<string, unknown>;
const metric = async (code: string) =>
  /** Its value alone. */
  new RegExp(`^arena_degraded\\{.*code="${code}".*\\} (.*)$`, 'm').exec((await ask('/metrics')).text)?.[1];
const wellAgain = async () => {
  await expect.poll(async () => (await ask('/ready')).status, { timeout: 15_000 }).toBe(200);
  expect(await told('/health')).toMatchObject({ status: 'ok', writable: true, degraded: [] });
};

test.each(causes)(
  '$code',
  async ({ code, begin, end, found }) => {
    await wellAgain();
    await begin();
    onTestFinished(async () => {
      await end();
      await wellAgain();
      expect(await metric(code)).toBe('0');
    });
    await expect.poll(async () => (await ask('/ready')).status, { timeout: 5_000 }).toBe(503);
    expect((await ask('/health')).status).toBe(503);
    const degraded = [{ code, what: found.what }];
    expect(await told('/health')).toMatchObject({
      status: 'unwritable',
      reachable: true,
      writable: false,
      degraded,
    });
    expect(await told('/ready')).toEqual({ ready: false, degraded });
    expect(await metric(code)).toBe('1');
    const findings = await withOperator(arena.config, examine);
    expect(findings.filter(({ mood }) => mood === 'bad')).toContainEqual(expect.objectContaining(found));
    expect(findings.map(({ cure }) => cure)).not.toContain('Start what does not run.');
  },
  30_000,
);

test('a store that holds up writes is not well either', async () => {
  await wellAgain();
  await admin.call('CLIENT', 'PAUSE', 20_000, 'WRITE');
  onTestFinished(async () => {
    await admin.call('CLIENT', 'UNPAUSE');
    await wellAgain();
  });
  await expect.poll(async () => (await ask('/ready')).status, { timeout: 10_000 }).toBe(503);
}, 40_000);

test('whoever asks for health all the time does not make the store write', async () => {
  await wellAgain();
  const writes = async () =>
    Number(/cmdstat_set:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1] ?? 0);
  const reads = async () =>
    Number(/cmdstat_command\|info:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1] ?? 0);
  const [writesBefore, readsBefore, since] = [await writes(), await reads(), performance.now()];
  const asking = Array.from({ length: 20 }, async () => {
    for (let at = 0; at < 50; at++) await ask(at % 2 === 0 ? '/ready' : '/health');
  });
  await Promise.all(asking);
  const seconds = (performance.now() - since) / 1_000;
  expect((await writes()) - writesBefore).toBeLessThanOrEqual(seconds + 1);
  expect((await reads()) - readsBefore).toBeLessThanOrEqual(10 * seconds + 1);
}, 30_000);

test('where answers wait for a replica, a store that none follows is not ready', async () => {
  const primary = await startTestValkey();
  const replica = await startTestValkey(['--replicaof', `127.0.0.1 ${primary.port}`]);
  const followed = await serveOn(primary.url, { ARENA_DURABILITY: 'replicated' });
  const ready = async () => (await fetch(`${followed.http}/ready`)).json();
  try {
    await replica.kill();
    const degraded = [{ code: 'store_unreplicated', what: expect.stringContaining('no replica follows') }];
    await expect.poll(ready, { timeout: 10_000 }).toEqual({ ready: false, degraded });
    await replica.restart();
    await expect.poll(ready, { timeout: 15_000 }).toEqual({ ready: true, degraded: [] });
  } finally {
    await followed.stop();
    await replica.stop();
    await primary.stop();
  }
}, 60_000);

test('one primary of two that takes no writes leaves the server ready, and its feeds are named', async () => {
  const cluster = await startTestCluster(2);
  const there = await serveOn(cluster.url);
  const health = async () => (await fetch(`${there.http}/health`)).json();
  try {
    const [full] = await cluster.primaries();
    await full?.admin.config('SET', 'maxmemory', '1mb');
    await expect
      .poll(health, { timeout: 10_000 })
      .toMatchObject({ status: 'partial', writable: true, away: [], degraded: [{ code: 'store_memory' }] });
    const { feeds } = ((await health()) as Health).degraded[0] ?? {};
    expect(feeds?.length).toBeGreaterThan(10);
    expect(feeds?.length).toBeLessThan(54);
    expect((await fetch(`${there.http}/ready`)).status).toBe(200);
    const findings = await withOperator(there.config, examine);
    expect(findings.filter(({ mood }) => mood === 'bad').map(({ what }) => what)).toContainEqual(
      `127.0.0.1:${full?.port}: the memory of the store is full, so nothing is written`,
    );
    await full?.admin.config('SET', 'maxmemory', '0');
    await expect.poll(health, { timeout: 10_000 }).toMatchObject({ status: 'ok', degraded: [] });
  } finally {
    await there.stop();
    await cluster.stop();
  }
}, 120_000);
