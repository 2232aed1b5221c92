// What `arena up` tells its processes once it knows: where Valkey is, under which names they work. Until
// then they load. A process that no one supervises has its orders in its environment from the beginning.

import { once } from 'node:events';

/** The environment variable of a process that waits for its orders. */
export const ordersAwaited = 'ARENA_ORDERS_AWAITED';

/** Environment variables. */
export type Orders = Readonly<Record<string, string>>;

/** The environment to work with. Null when the signal came first. */
export async function environmentWithOrders(signal: AbortSignal): Promise<NodeJS.ProcessEnv | null> {
  if (process.env[ordersAwaited] === undefined) return process.env;
  // A parent that is gone gives none.
  if (!process.connected) return null;
  const told = await once(process, 'message', { signal }).catch(() => null);
  // Our own parent's word.
  return told === null ? null : { ...process.env, ...(told[0] as Orders) };
}
