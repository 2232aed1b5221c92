// TCP connections before and beside WebSockets: how many there may be, in all and of one address, and how
// long one may stay on which nothing is asked or nothing is taken. Joined sockets have their heartbeat.

import type { Server, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import { limits } from '../../core/limits.ts';
import { countedAs, type Proxies } from './address-of.ts';
import type { Complain } from './complaints.ts';

/** What Node itself enforces: a head, then a whole request, within a time; and that nobody rests for long. */
export const serverOptions = {
  headersTimeout: limits.headersWithinMs,
  requestTimeout: limits.requestWithinMs,
  connectionsCheckingInterval: limits.requestsLookedAtMs,
  keepAliveTimeout: limits.keepAliveMs,
  maxHeaderSize: limits.headerBytesMax,
  // Any other upgrade would take the line out of the server's hands, and nobody would take it up.
  shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
} satisfies ServerOptions;

/** The same in smaller numbers is what tests ask for. */
export type ConnectionLimits = Readonly<
  Record<'connectionsMax' | 'connectionsPerAddress' | 'silentLineMs' | 'lingerMs', number>
>;

export interface ConnectionGuard {
  readonly proxies: Proxies;
  readonly complain: Complain;
  readonly max?: ConnectionLimits;
}

/** Watches every connection of a server from its first to its last moment. */
export function guardConnections(server: Server, { proxies, complain, max = limits }: ConnectionGuard): void {
  const perAddress = new Map<string, number>();
  const busy = new WeakSet<Socket>();
  let all = 0;

  server.maxHeadersCount = limits.headersMax;
  server.timeout = max.silentLineMs;
  // Node would end a line also while it is we who take long; what is to be done is done below.
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
        `there are ${all} connections, ${mine - 1} of them from this address, and no more are taken; a proxy that speaks for many is to be named in TRUSTED_PROXIES`,
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

function watch(socket: Socket, busy: WeakSet<Socket>, max: ConnectionLimits): void {
  // A WebSocket that has opened switches its own timeout off.
  socket.on('timeout', () => {
    const waitsForUs = busy.has(socket) && socket.writableLength === 0;
    if (waitsForUs) socket.setTimeout(max.silentLineMs);
    else socket.destroy();
  });
  // We have said all that we had to say: half of a line that is left open is nobody's.
  socket.once('finish', () => setTimeout(() => socket.destroy(), max.lingerMs).unref());
}
