// A line to a server that can be cut: what the browser's own offline switch does not do to an open WebSocket,
// and what a process sees of a store that dies.

import { connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  readonly url: string;
  /** Drops every connection and takes no new one. */
  cut(): void;
  restore(): void;
  /** Drops every connection once, at the piece of data towards the target that comes after so many. */
  dropAfter(pieces: number): void;
  /** From now on what the target says is lost on the way, while what it is told arrives; until `cut`. */
  swallow(): void;
  /** Drops every connection at the thing that the target says next, or so many later, which is lost. */
  dropReply(piece?: number): void;
  /** How many pieces went towards the target so far. */
  pieces(): number;
  stop(): Promise<void>;
}

export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let isCut = false;
  let pieces = 0;
  let dropAt = Number.POSITIVE_INFINITY;
  let swallows = false;
  let dropsIn = 0;
  const dropAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((client) => {
    if (isCut) return void client.destroy();
    const upstream = connect(target, '127.0.0.1');
    client.on('data', () => {
      pieces += 1;
      if (pieces === dropAt) dropAll();
    });
    client.pipe(upstream);
    upstream.on('data', (data) => {
      if (dropsIn > 0) dropsIn -= 1;
      else if (swallows) return;
      else return void client.write(data);
      if (dropsIn > 0) client.write(data);
      else dropAll();
    });
    upstream.on('end', () => client.end());
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const cut = () => {
    isCut = true;
    swallows = false;
    dropAll();
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut,
    restore() {
      isCut = false;
    },
    dropAfter(count) {
      dropAt = pieces + count + 1;
    },
    swallow() {
      swallows = true;
    },
    dropReply(piece = 1) {
      dropsIn = piece;
    },
    pieces: () => pieces,
    stop() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
