// All sockets of this process: lets them in, checks with one timer for all that they answer, and sends them
// away in order.

import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { limits } from '../../core/limits.ts';
import { type Connection, openConnection } from './connection.ts';
import type { LiveDeps } from './session.ts';
import { countClose } from './traffic.ts';

const farewellLots = 25;

export interface Sockets {
  accept(ws: WebSocket, address: string): void;
  readonly count: () => number;
  /**
   * Asks all clients to come back later, spread over a moment, and waits until they are gone or time is up.
   */
  close(): Promise<void>;
}

export function createSockets(deps: LiveDeps): Sockets {
  const open = new Map<Connection, WebSocket>();
  const { sockets } = deps.addresses;
  let emptied: (() => void) | null = null;

  const pulse = setInterval(() => {
    for (const [connection, ws] of open) {
      if (connection.checkPulse()) continue;
      connection.close('noHeartbeat');
      // Who does not answer will not answer the close either.
      ws.terminate();
    }
  }, limits.pingEveryMs);

  function gone(connection: Connection, code: number): void {
    countClose(deps.traffic, code);
    open.delete(connection);
    const { address } = connection;
    const left = (sockets.get(address) ?? 1) - 1;
    if (left > 0) sockets.set(address, left);
    else sockets.delete(address);
    if (open.size === 0) emptied?.();
  }

  return {
    count: () => open.size,
    accept(ws, address) {
      const mine = (sockets.get(address) ?? 0) + 1;
      sockets.set(address, mine);
      const connection = openConnection(ws, address, deps, gone);
      open.set(connection, ws);
      deps.traffic.opened += 1;
      if (mine <= limits.socketsPerAddress) return;
      deps.addresses.reached('open sockets', address);
      connection.close('tooManySockets');
    },
    async close() {
      clearInterval(pulse);
      const gone = new Promise<void>((resolve) => {
        emptied = resolve;
        if (open.size === 0) resolve();
      });
      const all = [...open.keys()];
      // In lots: a pause after each one would be a millisecond at least, and there may be thousands.
      const lot = Math.ceil(all.length / farewellLots);
      for (let told = 0; told < all.length; told += lot) {
        for (const connection of all.slice(told, told + lot)) connection.close('restarting');
        await sleep(limits.farewellSpreadMs / farewellLots);
      }
      if (open.size === 0) return;
      await Promise.race([gone, sleep(limits.farewellWaitMs, undefined, { ref: false })]);
      for (const ws of open.values()) ws.terminate();
    },
  };
}
