// The port: HTTP and WebSocket by one listener. Ends by the signal, in reverse: nobody new, those inside are
// asked to come back, what is still connected then is cut off.

import { setTimeout as sleep } from 'node:timers/promises';
import { type ServerType, serve, type WebSocketServerLike } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { limits } from '../core/limits.ts';
import { subprotocol } from '../core/protocol.ts';
import { CannotStart } from './cannot-start.ts';
import type { Config } from './config.ts';
import type { Door } from './live/door.ts';

export interface Listening {
  readonly app: Pick<Hono, 'fetch'>;
  readonly door: Pick<Door, 'close'>;
  readonly http: Pick<Config['http'], 'port' | 'host'>;
  readonly log: Logger;
  /** Told when whoever connects is let in. */
  readonly onListening: () => void;
}

/** Listens until the signal; resolves when the last socket is closed. Rejects when it cannot listen. */
export async function listenUntil(
  signal: AbortSignal,
  { app, door, http, log, onListening }: Listening,
): Promise<void> {
  const wss = new WebSocketServer({
    noServer: true,
    maxPayload: limits.framePayloadBytesMax,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
  });
  // The adapter names the few methods it calls more loosely than `ws` types them.
  const websocket = { server: wss as unknown as WebSocketServerLike };
  const { port, host: hostname } = http;
  const server = serve({ fetch: app.fetch, port, hostname, websocket }, ({ port: actual }) => {
    log.info({ port: actual }, 'listening');
    onListening();
  });
  try {
    await untilAborted(server, signal);
  } finally {
    await stop(server, door);
  }
}

function untilAborted(server: ServerType, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  signal.addEventListener('abort', () => resolve(), { once: true });
  server.once('error', (error: NodeJS.ErrnoException) =>
    reject(
      error.code === 'EADDRINUSE' ? new CannotStart('This port is in use. Choose another: PORT=8001') : error,
    ),
  );
  return promise;
}

async function stop(server: ServerType, door: Pick<Door, 'close'>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await door.close();
  if ('closeAllConnections' in server) server.closeAllConnections();
  await Promise.race([closed, sleep(limits.lastReplyMs, undefined, { ref: false })]);
}
