// The way in for WebSockets, straight from Node's server to `ws`: a socket that went through the routes of
// HTTP held its request, context and headers for as long as it was open, 20 kB each. A page that may not
// connect is refused by HTTP; all other refusals are told over the open socket.

import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { limits } from '../../core/limits.ts';
import { subprotocol } from '../../core/protocol.ts';
import type { Config } from '../config/config.ts';
import { clientAddress, type Knocking } from './address-of.ts';
import { originAllowed } from './origin.ts';

export interface Door extends Knocking {
  readonly http: Pick<Config['http'], 'publicUrl' | 'allowedOrigins'>;
  /** Takes a WebSocket that has opened. */
  readonly accept: (ws: WebSocket, address: string) => void;
}

export const socketPath = '/ws';

/** Lets WebSockets in at `/ws` for as long as the server listens. */
export function openDoor(server: Server, door: Door): void {
  // The types of `ws` do not know these options: how long to wait for the other side to close, of how many
  // fragments a message may be, of how many pieces of TCP what is not yet whole, and how many pongs may wait.
  const manners = {
    closeTimeout: limits.closeWithinMs,
    maxFragments: limits.framePiecesMax,
    maxBufferedChunks: limits.frameChunksMax,
    maxPendingAutoPongs: limits.pongsPendingMax,
  };
  const wss = new WebSocketServer({
    noServer: true,
    // It keeps no list: the sockets are counted where they are accepted.
    clientTracking: false,
    maxPayload: limits.framePayloadBytesMax,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
    ...manners,
  });
  server.on('upgrade', (request, socket, head) => {
    const refused = whyNot(request, door);
    if (refused !== null) return refuse(socket, refused);
    const { socket: line, headers } = request;
    const offered = headers['sec-websocket-protocol'] ?? null;
    const agent = headers['user-agent'] ?? null;
    const forwarded = headers['x-forwarded-for'];
    const address = clientAddress(line.remoteAddress ?? '', listed(forwarded), door);
    wss.handleUpgrade(request, socket, head, (ws) => {
      if (ws.protocol !== subprotocol) complainOfProtocol(door, { offered, agent });
      door.accept(ws, address);
    });
  });
}

const listed = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join(',') : header;

/** The status of a refusal; null where the request may open a socket. */
function whyNot({ url = '', headers }: IncomingMessage, { http, complain }: Door): 400 | 403 | 404 | null {
  const { origin, host } = headers;
  const asked = URL.parse(url, `http://${host ?? 'localhost'}`);
  if (asked === null) return 400;
  if (asked.pathname.replace(/\/$/, '') !== socketPath) return 404;
  if (originAllowed(origin, host, http)) return null;
  // A browser does not tell its page why an upgrade failed, so the log does.
  complain(
    'origin',
    `a page from ${String(origin).slice(0, 100)} may not connect to ${String(host).slice(0, 100)}: set PUBLIC_URL to the address that people type, or add it to ALLOWED_ORIGINS; or let the proxy pass on the header Host`,
    { origin, host, publicUrl: http.publicUrl, allowedOrigins: http.allowedOrigins },
  );
  return 403;
}

function refuse(socket: Duplex, status: 400 | 403 | 404): void {
  // A client that goes while it is refused is no matter of ours.
  socket.on('error', () => undefined);
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, 'Connection: close', 'Content-Length: 0'];
  socket.end(`${head.join('\r\n')}\r\n\r\n`);
}

function complainOfProtocol(
  { complain }: Door,
  seen: { offered: string | null; agent: string | null },
): void {
  complain(
    'subprotocol',
    `a WebSocket did not offer the subprotocol ${subprotocol}: the client is of another version, or a proxy does not pass on Sec-WebSocket-Protocol`,
    seen,
  );
}
