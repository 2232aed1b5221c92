// Other ways to tell a crowd of WebSockets what is written to a stream, one of them by the first argument:
// `loop` sends with `ws` to one socket after the other, `framed` makes the frame once and writes it straight
// to the sockets, `socket.io` emits to a room.

import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { textFrame } from '../../../server/fan-out/client-socket.ts';
import { connect, untilReady } from '../../../streams/parts.ts';
import { loadPeer } from '../support/peers.ts';

type Tell = (text: string) => void;

/** The types of the peer are no part of this checkout: this is what is used of it. */
interface SocketIo {
  readonly Server: new (
    http: Server,
    options: object,
  ) => {
    on(event: 'connection', listener: (socket: { join(room: string): void }) => void): void;
    to(room: string): { emit(event: string, data: unknown): void };
  };
}

const ways: Readonly<Record<string, (http: Server) => Promise<Tell>>> = {
  async loop(http) {
    const { clients } = webSockets(http);
    return (text) => {
      for (const ws of clients) ws.send(text);
    };
  },
  async framed(http) {
    const { clients } = webSockets(http);
    return (text) => {
      const frame = textFrame(text);
      for (const ws of clients) (ws as WebSocket & { readonly _socket: Socket })._socket.write(frame);
    };
  },
  async 'socket.io'(http) {
    const { module } = await loadPeer('socket.io');
    const { Server } = module as SocketIo;
    // No ping within a run.
    const options = { transports: ['websocket'], perMessageDeflate: false, pingInterval: 600_000 };
    const io = new Server(http, options);
    io.on('connection', (socket) => socket.join('room'));
    return (text) => io.to('room').emit('event', JSON.parse(text));
  },
};

function webSockets(server: Server): WebSocketServer {
  const wss = new WebSocketServer({ server, perMessageDeflate: false });
  wss.on('connection', (ws) => ws.on('error', () => undefined));
  return wss;
}

const [way = '', url = '', port = '0', stream = ''] = process.argv.slice(2);
const http = createServer((_request, reply) => reply.end('here'));
const tell = await ways[way]?.(http);
if (tell === undefined) throw new Error(`no way ${way}`);
const reader = connect(url, way);
await untilReady(reader, AbortSignal.timeout(10_000));
http.listen({ port: Number(port), host: '127.0.0.1', backlog: 1_000 });
process.on('disconnect', () => process.exit(0));
for (let last = '0-0'; ; ) {
  const [[, entries] = []] = (await reader.xread('BLOCK', 1_000, 'STREAMS', stream, last)) ?? [];
  for (const [id, fields] of entries ?? []) {
    last = id;
    tell(fields[1] ?? '');
  }
}
