// Lines of TCP without any manners: what is sent stands in the test, byte by byte.

import { connect, type Socket } from 'node:net';

export interface RawLine {
  readonly socket: Socket;
  /** All that came back so far. */
  readonly heard: () => string;
  /** Resolves with how long it stood, in ms, when the other side has ended it. */
  readonly gone: Promise<number>;
}

export async function openRaw(port: number, first = ''): Promise<RawLine> {
  const socket = connect(port, '127.0.0.1');
  const { promise: gone, resolve } = Promise.withResolvers<number>();
  const since = performance.now();
  let text = '';
  socket.on('data', (data) => {
    text += data.toString('latin1');
  });
  socket.on('error', () => undefined);
  socket.on('close', () => resolve(performance.now() - since));
  await new Promise<void>((opened) => socket.once('connect', () => opened()));
  if (first !== '') socket.write(first, 'latin1');
  return { socket, heard: () => text, gone };
}

/** The head of a request that opens a WebSocket. */
export const upgradeTo = (path: string, more: readonly string[] = []): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol: arena.v1.json',
    ...more,
    '',
    '',
  ].join('\r\n');
