// The port: one listener for HTTP and WebSocket. At the signal it takes no new connection, tells every open
// socket to come back later, and cuts off what is still connected after that.

import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Logger } from 'pino';
import { limits } from '../../core/limits.ts';
import { CannotStart } from '../config/cannot-start.ts';
import type { Config } from '../config/config.ts';
import type { Sockets } from '../live/sockets.ts';
import type { Complain } from './complaints.ts';
import { guardConnections, serverOptions } from './connections.ts';
import { type Door, openDoor } from './door.ts';

export interface Listening extends Pick<Door, 'proxies' | 'complain'> {
  readonly app: Pick<Hono, 'fetch'>;
  readonly sockets: Pick<Sockets, 'accept' | 'close'>;
  readonly http: Pick<Config['http'], 'port' | 'host'> & Door['http'];
  readonly log: Logger;
  /** Told when the port takes connections. */
  readonly onListening: () => void;
}

/** Listens until the signal; resolves when the last socket is closed. Rejects when it cannot listen. */
export async function listenUntil(
  signal: AbortSignal,
  { app, sockets, http, log, proxies, complain, onListening }: Listening,
): Promise<void> {
  const { port, host: hostname } = http;
  const options = { fetch: app.fetch, port, hostname, serverOptions, createServer };
  const server = serve(options, ({ port: actual }) => {
    log.info({ port: actual }, 'listening');
    onListening();
  }) as Server;
  guardConnections(server, { proxies, complain });
  openDoor(server, { http, proxies, complain, accept: sockets.accept });
  try {
    await untilAborted(server, signal, complain);
  } finally {
    await stop(server, sockets);
  }
}

function untilAborted(server: Server, signal: AbortSignal, complain: Complain): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  signal.addEventListener('abort', () => resolve(), { once: true });
  server.on('error', (error: NodeJS.ErrnoException) => {
    // One connection could not be taken, mostly for want of file descriptors. The others go on.
    if (error.syscall === 'accept') {
      return complain('accept', `a connection could not be taken: ${error.message} (see ulimit -n)`);
    }
    reject(
      error.code === 'EADDRINUSE' ? new CannotStart('This port is in use. Choose another: PORT=8001') : error,
    );
  });
  return promise;
}

async function stop(server: Server, sockets: Pick<Sockets, 'close'>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await sockets.close();
  server.closeAllConnections();
  await Promise.race([closed, sleep(limits.lastReplyMs, undefined, { ref: false })]);
}
