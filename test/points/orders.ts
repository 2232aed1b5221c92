// The example of orders as it stands, all of its agents in one process: orders that are shipped, refused,
// or taken back when their time is over.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connect, untilReady } from '../../streams/valkey/connection.ts';
import { judgeOrders, unfinishedOrders } from '../faults/examples/judge-orders.ts';
import { readLogs } from '../faults/raw-log.ts';
import { leftIn } from './left.ts';
import type { World } from './world.ts';

export const source = fileURLToPath(new URL('../../streams/examples/orders/shop.ts', import.meta.url));
const kinds = {
  orders: ['payment', 'warehouse', 'settlement', 'patience', 'compensation'],
  payments: ['result', 'service'],
};
/** Order 4 is not shipped, order 7 is too dear. */
const count = 8;
const shipWithinMs = 400;
const lookMs = 40;

/** `worker`: the bundled example. */
export const orders = (worker: string): World => ({
  name: 'orders',
  groups: Object.values(kinds).flat(),
  program: ({ url }, consumer) => ({
    file: worker,
    args: [url, String(count), consumer],
    env: { SHIP_WITHIN_MS: String(shipWithinMs) },
  }),
  async begin({ url, folder }) {
    const commands = connect(url, 'test');
    await untilReady(commands, AbortSignal.timeout(5_000));
    return {
      async play(signal) {
        for (; ; await sleep(lookMs, undefined, { signal })) {
          const logs = await readLogs(url, 'orders');
          if (logs.size === count && unfinishedOrders(logs).length === 0) return;
        }
      },
      async left() {
        const all = await Promise.all(
          Object.entries(kinds).map(([kind, groups]) => leftIn(commands, kind, groups)),
        );
        return all.flat();
      },
      async judge() {
        const [logs, payments] = await Promise.all([readLogs(url, 'orders'), readLogs(url, 'payments')]);
        const file = join(folder, 'payments.txt');
        const calls = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
        const { lost, doubled, disorder } = judgeOrders({ orders: logs, payments, calls, history: [] });
        return [...lost, ...doubled, ...disorder];
      },
      async end() {
        commands.disconnect();
      },
    };
  },
});
