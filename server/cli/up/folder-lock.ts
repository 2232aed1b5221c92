// The lock of a folder: a second `arena up` would write under the same consumer names. A named connection is
// the lock: it is gone with the process.

import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  awayOr,
  connect,
  isAway,
  isOutside,
  orNotTold,
  untilReady,
  type Valkey,
  type ValkeyNode,
} from '../../../streams/engine.ts';
import { CannotStart } from '../../config/cannot-start.ts';
import { firstOf, nodesOf } from '../../config/valkey-url.ts';
import { troubleAt } from '../../operate/store-trouble.ts';

const reachMs = 5_000;
const lookMs = 50;
// How often whoever has the lock says so, and after how long without a word its machine is gone.
const beatMs = 2_000;
const silentMsMax = 10_000;

export const folderId = (dataDir: string): string =>
  createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 6);

const lockName = (dataDir: string): string => `arena-up:${hostname()}:${folderId(dataDir)}`;

/**
 * Of a machine that was cut off, its connection alone is left for some minutes. Null where our user may not
 * see who is connected.
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

/** @throws CannotStart where somebody has the lock, on the Valkey of the folder itself. */
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
 * Gives what unlocks. Of two that come at once the older one stays. Of several nodes each that answers has a
 * connection: another may name them in another order, or only some. `foreign`: it is not this folder’s.
 * `unseen`: told where the store does not say who else is there; then there is no lock.
 * @throws CannotStart where another has the lock, or no Valkey answers in time.
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
 * False where one of them went away meanwhile, null where the store does not tell.
 * @throws CannotStart where another had the lock before.
 */
async function isFirst(connections: readonly ValkeyNode[], dataDir: string): Promise<boolean | null> {
  try {
    for (const connection of connections) {
      const id = Number(await orNotTold(() => connection.call('CLIENT', 'ID')));
      const all = await holders(connection, dataDir);
      // A user who may not name its connections is not in there either.
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
