// The examples of the engine, killed again and again. What the logs say then is read by a program that knows
// nothing of them. KILLS says how often each is killed (4 unless given).

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { groupInfos } from '../../streams/admin.ts';
import { asked, type Example, type Examples, installExamples, start } from '../support/examples.ts';
import { nodesHere } from '../support/package.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';

const kills = Number(process.env['KILLS'] ?? 4);
const seed = Number(process.env['SEED'] ?? 1);
/** Streams that each life begins. */
const newPerLife = 20;
const begun = (kills + 1) * newPerLife;
/** Longest life before a kill, in ms after it was ready. */
const lifeMsMax = 400;
const timeout = 60_000 + kills * 3_000;

let examples: Examples;
beforeAll(async () => {
  examples = await installExamples();
}, 240_000);
afterAll(() => examples?.installed.remove());

test('each compiles as it stands in the package, and is short', () => {
  const { found } = examples;
  expect(found.map(({ name, objections }) => [name, objections])).toEqual([
    ['orders', ''],
    ['research', ''],
  ]);
  for (const { lines } of found) expect(lines).toBeLessThan(200);
});

/** The same numbers in each run of a seed. */
function createRandom(): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

type Logs = ReadonlyMap<string, readonly string[]>;

/** Types of the events of every stream of a kind, by its id. */
const logsOf = ({ url }: TestValkey, kind: string): Promise<Logs> =>
  asked(url, async (commands) => {
    const begins = `${kind}:events:`;
    const logs = new Map<string, readonly string[]>();
    for (const name of (await commands.keys(`${begins}*`)) as string[]) {
      const entries = await commands.xrange(name, '-', '+');
      const types = entries.map(([, fields]) => fields[fields.indexOf('type') + 1] ?? '');
      logs.set(name.slice(begins.length), types);
    }
    return logs;
  });

/** What each stream of a kind has to look like in the end, its types joined by spaces. */
const endings = {
  orders: /^Placed (Paid Shipped|(Paid )?Cancelled Undone)$/,
  payments: /^ChargeAsked (Refused|Charged (Settled|RefundAsked Refunded))$/,
  research: /^Asked Sourced Drafted( SentBack Drafted)? (Approved Published|Expired)$/,
} as const;

function assertEnded(kind: keyof typeof endings, logs: Logs): void {
  const wrong = [...logs].filter(([, types]) => !endings[kind].test(types.join(' ')));
  expect(wrong).toEqual([]);
  expect(logs.size).toBe(begun);
}

const nodes = nodesHere().filter(({ version }) => Number(version.slice(1).split('.')[0]) >= 22);
describe.each(nodes)('on Node $version', ({ command }) => {
  let valkey: TestValkey;
  let folder: string;
  beforeAll(async () => {
    valkey = await startTestValkey();
    folder = await mkdtemp(join(tmpdir(), 'engine-example-'));
  });
  afterAll(async () => {
    await valkey.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const live = (example: Example, count: number) =>
    start(command, [examples.program(example), valkey.url, String(count), 'worker-1'], {
      cwd: folder,
      env: { SHIP_WITHIN_MS: '400', PATIENCE_MS: '400' },
    });

  /** Each life begins new work, is killed amid it, and leaves it to the next; the last one ends by itself. */
  async function killAndFinish(example: Example): Promise<Readonly<Record<string, number>>> {
    const random = createRandom();
    for (let life = 1; life <= kills; life++) {
      const living = live(example, life * newPerLife);
      await living.line('ready');
      setTimeout(() => living.child.kill('SIGKILL'), random() * lifeMsMax);
      const { signal, said } = await living.ended;
      expect({ signal, said }).toEqual({ signal: 'SIGKILL', said: '' });
    }
    const { lines, said, signal } = await live(example, begun).ended;
    expect({ said, signal }).toEqual({ said: '', signal: null });
    return JSON.parse(lines.at(-1) ?? '{}') as Record<string, number>;
  }

  /** Once the timers that nobody took back have fired, each group has handled everything. No dead letters. */
  async function expectRest(example: Example, kinds: readonly string[]): Promise<void> {
    const worker = live(example, 0);
    const left = () =>
      asked(valkey.url, async (commands) => {
        const groups = (await Promise.all(kinds.map((kind) => groupInfos(commands, `${kind}:feed`)))).flat();
        const timers = await Promise.all(kinds.map((kind) => commands.zrange(`${kind}:timers`, 0, -1)));
        return {
          groups: groups.filter(({ lag, pending }) => lag + pending > 0),
          timers: timers.flat().filter((timer) => !timer.endsWith('|engine:retention')),
          dead: (await Promise.all(kinds.map((kind) => commands.xlen(`${kind}:dead`)))).filter(Boolean),
        };
      });
    await expect.poll(left, { timeout: 10_000 }).toEqual({ groups: [], timers: [], dead: [] });
    worker.child.kill('SIGTERM');
    expect((await worker.ended).said).toBe('');
  }

  test(`orders: ${kills} kills, every effect once`, { timeout }, async () => {
    const outcomes = await killAndFinish('orders');
    const orders = await logsOf(valkey, 'orders');
    const payments = await logsOf(valkey, 'payments');
    assertEnded('orders', orders);
    assertEnded('payments', payments);
    const shipped = [...orders.values()].filter((types) => types.includes('Shipped')).length;
    expect(outcomes['shipped']).toBe(shipped);
    expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(begun);
    for (const [id, types] of orders) {
      const refunded = types.includes('Paid') && types.includes('Undone');
      expect({ id, refunded }).toEqual({ id, refunded: payments.get(id)?.includes('Refunded') });
    }
    // The service was called at least once for each, and never under two keys.
    const calls = (await readFile(join(folder, 'payments.txt'), 'utf8')).trim().split('\n');
    const made = [...payments.values()].flat().filter((type) => type === 'Charged' || type === 'Refunded');
    expect(new Set(calls).size).toBe(made.length);
    await expectRest('orders', ['orders', 'payments']);
  });

  test(`research: ${kills} kills, every effect once`, { timeout }, async () => {
    const outcomes = await killAndFinish('research');
    const logs = await logsOf(valkey, 'research');
    assertEnded('research', logs);
    const published = [...logs.values()].filter((types) => types.includes('Published')).length;
    expect(outcomes['Published']).toBe(published);
    await expectRest('research', ['research']);
  });
});
