// Many short streams, each with an agent's step outside and a timer: what is left of them when they have
// ended. RETENTION_STREAMS says how many, such as 10000.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { groupInfos } from '../../streams/admin.ts';
import { primariesOf } from '../../streams/valkey/cluster.ts';
import { callFunction } from '../../streams/valkey/functions.ts';
import { startTestCluster } from '../support/cluster.ts';
import { endingOrders, type Opened } from '../support/ending-orders.ts';
import { startTestValkey } from '../support/valkey.ts';

const asked = process.env['RETENTION_STREAMS'];
const places = [
  ['one Valkey', () => startTestValkey(asked === undefined ? [] : ['--appendfsync', 'no']), 1_000],
  ['a cluster', () => startTestCluster(), 200],
] as const;

describe.each(places)('on %s', (_where, start, few) => {
  const each = endingOrders(start);
  const { handle, ship, retain, keep, keysOf } = each;

  const count = Number(asked ?? few);
  test(`${count} short streams leave nothing behind: not a key, not a byte to speak of, no lag`, async () => {
    const [memory, keyCount] = [() => usedMemory(each.opened), () => dbSize(each.opened)];
    ship();
    keep(['shipping']);
    retain({ groups: ['shipping'], archive: async () => undefined, concurrency: 64 });
    const play = async (from: number, to: number) => {
      for (let at = from; at < to; at += 100) {
        const names = Array.from({ length: Math.min(100, to - at) }, (_, index) => `order-${at + index}`);
        await Promise.all(names.map((name) => handle(name, 'place')));
      }
      await expect.poll(() => keysOf('order-'), { timeout: 300_000, interval: 500 }).toEqual([]);
      await expect.poll(() => lagOf(each.opened), { timeout: 20_000 }).toBe(0);
      for (const { feed } of each.opened.keys.partitions) {
        await callFunction(each.opened.commands, 'trim', [feed], ['shipping', 'retention']);
      }
    };
    // What stays from the first streams on: groups, consumers, connections, code that was compiled.
    await play(0, 600);
    const before = { keys: await keyCount(), bytes: await memory(), heap: heap() };
    await play(600, 600 + count);
    const after = { keys: await keyCount(), bytes: await memory(), heap: heap() };
    const story = JSON.stringify({ before, after });
    expect(after.keys, story).toBeLessThanOrEqual(before.keys);
    // Of one stream while it is there: some 3,000 bytes.
    expect(after.bytes - before.bytes, story).toBeLessThan(200_000 + 30 * count);
    expect(after.heap - before.heap, story).toBeLessThan(6_000_000);
    if (asked !== undefined) console.log(story);
  }, 600_000);
});

async function usedMemory({ commands }: Opened): Promise<number> {
  const infos = await Promise.all(primariesOf(commands).map((node) => node.info('memory')));
  // The server's own buffers of clients come and go.
  const of = (text: string) => Number(/used_memory_dataset:(\d+)/.exec(text)?.[1] ?? Number.NaN);
  return infos.reduce((sum, text) => sum + of(text), 0);
}

async function dbSize({ commands }: Opened): Promise<number> {
  const sizes = await Promise.all(primariesOf(commands).map((node) => node.dbsize()));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function lagOf({ commands, keys }: Opened): Promise<number> {
  const infos = await Promise.all(keys.partitions.map(({ feed }) => groupInfos(commands, feed)));
  return infos.flat().reduce((sum, { lag, pending }) => sum + lag + pending, 0);
}

function heap(): number {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  gc();
  gc();
  return process.memoryUsage().heapUsed;
}
