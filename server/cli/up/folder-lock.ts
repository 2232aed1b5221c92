// The lock of a data folder: two `arena up` on one folder would use the same consumer names. The lock is
// a connection to Valkey with a name, so it ends with its process.

import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAway } from '../../../streams/engine.ts';
import {
  awayOr,
  connect,
  isOutside,
  orNotTold,
  untilReady,
  type Valkey,
  type ValkeyNode,
} from '../../../streams/parts.ts';
import { CannotStart } from '../../config/cannot-start.ts';
import { firstOf, nodesOf } from '../../config/valkey-url.ts';
import { troubleAt } from '../../operate/store-trouble.ts';

const reachMs = 5_000;
const lookMs = 50;
// The holder pings so often. A holder that has been silent for `silentMsMax` is taken for gone.
const beatMs = 2_000;
const silentMsMax = 10_000;

export const folderId = (dataDir: string): string =>
  createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 6);

const lockName = (dataDir: string): string => `arena-up:${hostname()}:${folderId(dataDir)}`;

/**
 * The ids of the connections that hold the lock, the oldest first. A machine that was cut off leaves its
 * connection open for some minutes, so silent ones do not count. Null where the store's user may not
 * list connections.
 */
async function holders(connection: Valkey, dataDir: string): Promise<number[] | null> {
  const told = await orNotTold(() => connection.call('CLIENT', 'LIST'));
  if (told === null) return null;
  const list = String(told);
  const numberIn = (line: string, field: string) => Number(new RegExp(`\\b${field}=(\\d+)`).exec(line)?.[1]);
  return list
    .split('\n')
    .filter((line) => line.includes(` name=${lockName(dataDir)} `))
    .filter((line) => numberIn(line, 'idle') * 1_000 <= silentMsMax)
    .map((line) => numberIn(line, 'id'))
    .sort((a, b) => a - b);
}

/** Asks the Valkey of the folder itself. @throws CannotStart when another process holds the lock. */
export async function refuseSecond(url: string, dataDir: string): Promise<void> {
  const probe = connect(url, 'arena-probe');
  try {
    await untilReady(probe, AbortSignal.timeout(reachMs));
    if (((await holders(probe, dataDir)) ?? []).length > 0) throw alreadyRunning(dataDir);
  } finally {
    probe.disconnect();
  }
}

function alreadyRunning(dataDir: string): CannotStart {
  return new CannotStart(
    `Agent Arena already runs from this folder (${resolve(dataDir)}). Stop it first, or give another ARENA_DATA_DIR.`,
  );
}

/**
 * Takes the lock and gives the function that releases it. Of two processes at once the older connection
 * wins. Of a cluster each node that answers gets a connection, since another process may list other
 * nodes. `foreign`: the Valkey is not this folder's own. `unseen`: called when the store does not tell
 * who is connected; there is no lock then. @throws CannotStart when another process holds the lock, or
 * no Valkey answers in time.
 */
export async function lockFolder(
  url: string,
  dataDir: string,
  foreign: boolean,
  unseen: () => void = () => undefined,
): Promise<() => void> {
  const name = lockName(dataDir);
  const connections = nodesOf(url).map((node) => connect(node, name, { readyCheck: false }));
  const beating = setInterval(() => {
    for (const one of connections) one.ping().catch(() => undefined);
  }, beatMs);
  const unlock = () => {
    clearInterval(beating);
    for (const connection of connections) connection.disconnect();
  };
  const signal = AbortSignal.timeout(reachMs);
  try {
    for (;;) {
      const reached = await Promise.allSettled(connections.map((one) => untilReady(one, signal)));
      const there = connections.filter((_, at) => reached[at]?.status === 'fulfilled');
      if (there.length === 0) {
        const trouble = foreign ? await troubleAt(firstOf(url)) : null;
        const said = trouble?.said ?? `The Valkey of this folder did not answer within ${reachMs / 1_000} s.`;
        throw new CannotStart(said, { cause: signal.reason });
      }
      const first = await isFirst(there, dataDir);
      if (first === null) unseen();
      if (first !== false) return unlock;
    }
  } catch (error) {
    unlock();
    throw error;
  }
}

/**
 * Whether our connections are the oldest. False when one of them was lost meanwhile, null when the store
 * does not tell. @throws CannotStart when another process held the lock before.
 */
async function isFirst(connections: readonly ValkeyNode[], dataDir: string): Promise<boolean | null> {
  try {
    for (const connection of connections) {
      const id = Number(await orNotTold(() => connection.call('CLIENT', 'ID')));
      const all = await holders(connection, dataDir);
      // A user who may not name its connections does not find its own in the list.
      if (all === null || !all.includes(id)) return null;
      if (all[0] !== id) throw alreadyRunning(dataDir);
    }
    return true;
  } catch (error) {
    if (!isAway(awayOr(error)) && !isOutside(error)) throw error;
    await sleep(lookMs);
    return false;
  }
}
