// Many short streams through the examples: what is left of them in the store and in a worker once their
// retention is over. STREAMS says how many (300 unless given).

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { groupInfos } from '../../streams/admin.ts';
import {
  asked,
  type Example,
  type Examples,
  installExamples,
  type Living,
  start,
} from '../support/examples.ts';
import { startTestValkey } from '../support/valkey.ts';

const count = Number(process.env['STREAMS'] ?? 300);
/** Before the first look, so that what is made once is there: code that was compiled, groups, buffers. */
const warmUp = 300;
const preload = fileURLToPath(new URL('../support/heap-on-signal.ts', import.meta.url));

let examples: Examples;
let cwd: string;
beforeAll(async () => {
  [examples, cwd] = await Promise.all([installExamples(), mkdtemp(join(tmpdir(), 'engine-many-'))]);
}, 240_000);
afterAll(async () => {
  await examples?.installed.remove();
  await rm(cwd, { recursive: true, force: true });
});

const kinds: Readonly<Record<Example, readonly string[]>> = {
  orders: ['orders', 'payments'],
  research: ['research'],
};

test.each(['orders', 'research'] as const)(
  `${count} streams of %s leave memory flat and groups at 0`,
  { timeout: 120_000 + count * 60 },
  async (example) => {
    const valkey = await startTestValkey();
    const env = { SHIP_WITHIN_MS: '300', PATIENCE_MS: '300', KEEP_MS: '1500' };
    const begin = (streams: number, consumer: string, ...flags: string[]) =>
      start(process.execPath, [...flags, examples.program(example), valkey.url, String(streams), consumer], {
        cwd,
        env,
      });
    const worker = begin(0, 'worker-1', '--import', preload);
    try {
      await worker.line('ready');
      const play = async (streams: number) => {
        const { said, lines } = await begin(streams, 'worker-2').ended;
        expect(said).toBe('');
        const outcomes = JSON.parse(lines.at(-1) ?? '{}') as Record<string, number>;
        expect(Object.values(outcomes).reduce((sum, one) => sum + one, 0)).toBe(streams);
        await expect.poll(() => streamKeys(valkey.url, example), { timeout: 60_000, interval: 250 }).toBe(0);
        await expect.poll(() => left(valkey.url, example), { timeout: 10_000 }).toBe(0);
        return { heap: await heapOf(worker), bytes: await datasetOf(valkey.url) };
      };
      const before = await play(warmUp);
      const after = await play(count);
      const story = JSON.stringify({ before, after });
      if (count > 300) console.log(`${example}: ${story}`);
      // Of one stream while it is there some 5,000 bytes; what stays is the feed, which is trimmed twice a
      // minute.
      expect(after.bytes - before.bytes, story).toBeLessThan(300_000 + count * 400);
      expect(after.heap - before.heap, story).toBeLessThan(8_000_000);
    } finally {
      worker.child.kill('SIGTERM');
      await worker.ended;
      await valkey.stop();
    }
  },
);

/** Keys of streams that are still there. */
const streamKeys = (url: string, example: Example): Promise<number> =>
  asked(url, async (commands) => {
    const names = (await commands.keys('*')) as string[];
    const ofStreams = new RegExp(`^(${kinds[example].join('|')}):(events|meta|done|tokens):`);
    return names.filter((name) => ofStreams.test(name)).length;
  });

/** What groups have not handled, and timers that are still set. */
const left = (url: string, example: Example): Promise<number> =>
  asked(url, async (commands) => {
    let sum = 0;
    for (const kind of kinds[example]) {
      for (const { lag, pending } of await groupInfos(commands, `${kind}:feed`)) sum += lag + pending;
      sum += await commands.zcard(`${kind}:timers`);
    }
    return sum;
  });

const datasetOf = (url: string): Promise<number> =>
  asked(url, async (commands) =>
    Number(/used_memory_dataset:(\d+)/.exec(await commands.info('memory'))?.[1]),
  );

async function heapOf({ child, line }: Living): Promise<number> {
  const told = line('heap ');
  child.kill('SIGUSR2');
  return Number((await told).split(' ')[1]);
}
