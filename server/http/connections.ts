// Limits on TCP connections: how many are open at once, in all and from one address, and how long one may
// stay open while its client sends nothing or reads nothing. An open WebSocket has its heartbeat instead.

import type { Server, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import { limits } from '../../core/limits.ts';
import type { Proxies } from './address-of.ts';
import type { Complain } from './complaints.ts';
import { countedAs } from './ip-address.ts';

/**
 * What Node itself enforces: times for the headers, for a whole request, and for the rest between two
 * requests.
 */
export const serverOptions = {
  headersTimeout: limits.headersWithinMs,
  requestTimeout: limits.requestWithinMs,
  connectionsCheckingInterval: limits.requestsLookedAtMs,
  keepAliveTimeout: limits.keepAliveMs,
  maxHeaderSize: limits.headerBytesMax,
  // Node hands a connection over at an upgrade. Nothing here would take it for any other protocol.
  shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
} satisfies ServerOptions;

/** Tests use smaller numbers. */
export type ConnectionLimits = Readonly<
  Record<'connectionsMax' | 'connectionsPerAddress' | 'silentLineMs' | 'lingerMs', number>
>;

export interface ConnectionGuard {
  readonly proxies: Proxies;
  readonly complain: Complain;
  readonly max?: ConnectionLimits;
}

/** Watches every connection of a server from the moment it opens until it is closed. */
export function guardConnections(server: Server, { proxies, complain, max = limits }: ConnectionGuard): void {
  const perAddress = new Map<string, number>();
  const busy = new WeakSet<Socket>();
  let all = 0;

  server.maxHeadersCount = limits.headersMax;
  server.timeout = max.silentLineMs;
  // Without a listener Node closes a silent connection, even while the client waits for our reply. `watch`
  // decides instead.
  server.on('timeout', () => undefined);
  server.on('request', ({ socket }, reply) => {
    busy.add(socket);
    reply.once('close', () => busy.delete(socket));
  });

  server.on('connection', (socket) => {
    const from = socket.remoteAddress ?? '';
    const address = countedAs(from);
    const mine = (perAddress.get(address) ?? 0) + 1;
    if (all >= max.connectionsMax || (mine > max.connectionsPerAddress && !proxies.trusts(from))) {
      complain(
        'connections',
        `there are ${all} connections, ${mine - 1} of them from this address, and no more are taken; name a proxy that many clients come through in TRUSTED_PROXIES`,
        { address: from },
      );
      return void socket.destroy();
    }
    all += 1;
    perAddress.set(address, mine);
    socket.once('close', () => {
      all -= 1;
      const left = (perAddress.get(address) ?? 1) - 1;
      if (left > 0) perAddress.set(address, left);
      else perAddress.delete(address);
    });
    watch(socket, busy, max);
  });
}

/** Closes a connection that is silent for too long, unless it is silent because our reply is not ready. */
function watch(socket: Socket, busy: WeakSet<Socket>, max: ConnectionLimits): void {
  // An open WebSocket has switched this timeout off.
  socket.on('timeout', () => {
    const waitsForOurReply = busy.has(socket) && socket.writableLength === 0;
    if (waitsForOurReply) socket.setTimeout(max.silentLineMs);
    else socket.destroy();
  });
  // We have sent all and closed our side. A client that does not close its own is cut off.
  socket.once('finish', () => setTimeout(() => socket.destroy(), max.lingerMs).unref());
}
