// A WebSocket client as cheap as can be, for load that shares its cores with the server that is measured:
// frames are made beforehand, and of what arrives only the beginning of each frame is looked at.

import { connect, type Socket } from 'node:net';

/** One masked text frame (RFC 6455, 5.2). The key is zero, so the payload stands there as it is. */
export function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  if (length > 65_535) throw new Error('a longer frame than the load needs');
  const header = Buffer.alloc(length < 126 ? 6 : 8);
  header[0] = 0x81;
  header[1] = 0x80 | Math.min(length, 126);
  if (length >= 126) header.writeUInt16BE(length, 2);
  return Buffer.concat([header, payload]);
}

export interface RawSocket {
  readonly socket: Socket;
  /** Called for each frame of text with its payload, which is valid only during the call. */
  onText: (payload: Buffer) => void;
}

export interface RawOptions {
  readonly port: number;
  readonly path: string;
  readonly protocol?: string;
  /** Of the loopback: limits count by address. */
  readonly localAddress: string;
}

/** Resolves when the socket is open. */
export function openRawSocket({ port, path, protocol, localAddress }: RawOptions): Promise<RawSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<RawSocket>();
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  const raw: RawSocket = { socket, onText: () => undefined };
  const offered = protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocol}`];
  const head = [`GET ${path} HTTP/1.1`, 'Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket'];
  const key = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
  socket.setNoDelay(true);
  socket.once('connect', () => socket.write([...head, ...key, ...offered, '', ''].join('\r\n')));
  socket.on('error', reject);
  socket.once('close', () => reject(new Error('closed')));
  let rest: Buffer | null = null;
  let isOpen = false;
  socket.on('data', (data: Buffer) => {
    let bytes = rest === null ? data : Buffer.concat([rest, data]);
    rest = null;
    if (!isOpen) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end >= 0 && !bytes.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) {
        reject(new Error(bytes.subarray(0, 200).toString()));
      }
      if (end < 0) {
        rest = bytes;
        return;
      }
      isOpen = true;
      bytes = bytes.subarray(end + 4);
      resolve(raw);
    }
    rest = takeFrames(raw, bytes);
  });
  return promise;
}

/** Hands over whole frames; gives what is left of one that is not yet whole. */
function takeFrames(raw: RawSocket, bytes: Buffer): Buffer | null {
  let at = 0;
  while (at + 2 <= bytes.length) {
    const opcode = (bytes[at] ?? 0) & 0x0f;
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (at + head > bytes.length) break;
    const length =
      short < 126
        ? short
        : short === 126
          ? bytes.readUInt16BE(at + 2)
          : Number(bytes.readBigUInt64BE(at + 2));
    const end = at + head + length;
    if (end > bytes.length) break;
    const payload = bytes.subarray(at + head, end);
    if (opcode === 1) raw.onText(payload);
    else if (opcode === 9) pong(raw.socket, payload);
    at = end;
  }
  return at < bytes.length ? bytes.subarray(at) : null;
}

function pong(socket: Socket, payload: Buffer): void {
  socket.write(Buffer.concat([Buffer.from([0x8a, 0x80 | payload.length, 0, 0, 0, 0]), payload]));
}
