// A client that costs as little as can be, so that ten thousand of them in one process do not hide what the
// server takes: a plain socket, frames cut apart and looked at, nothing parsed that is not asked for.

import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export interface Client {
  /** Resolves with the text of the reply. */
  request(t: string, d: object): Promise<string>;
  /** Told of each event and each message without `s` as it comes: its type, and its text when asked. */
  onEvent: (type: string, text: () => string) => void;
  close(): void;
}

export interface Site {
  readonly host: string;
  readonly port: number;
}

/** `address`: what a trusted proxy says whom it speaks for. */
export async function openClient({ host, port }: Site, address: string): Promise<Client> {
  const socket = connect(port, host).setNoDelay(true);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const head = [
    'GET /ws HTTP/1.1',
    `Host: ${host}:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Protocol: arena.v1.json',
    `X-Forwarded-For: ${address}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  const rest = await upgraded(socket);
  const waiting = new Map<number, PromiseWithResolvers<string>>();
  let asked = 0;
  const client: Client = {
    request(t, d) {
      const id = ++asked;
      const reply = Promise.withResolvers<string>();
      waiting.set(id, reply);
      socket.write(maskedFrame(JSON.stringify({ id, t, d })));
      return reply.promise;
    },
    onEvent: () => undefined,
    close: () => socket.destroy(),
  };
  const take = cutting((op, payload) => {
    if (op === 9) return void socket.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
    if (op !== 1) return;
    const start = payload.toString('latin1', 0, 60);
    const id = /^\{"id":(\d+)/.exec(start)?.[1];
    if (id === undefined) return client.onEvent(/"t":"(\w+)"/.exec(start)?.[1] ?? '', () => String(payload));
    waiting.get(Number(id))?.resolve(String(payload));
    waiting.delete(Number(id));
  });
  socket.on('data', take);
  socket.on('error', () => undefined);
  // As the server closes one that has not joined within ten seconds.
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('closed before the reply'));
  });
  if (rest.length > 0) take(rest);
  return client;
}

export const newNonce = (): string => randomUUID();

async function upgraded(socket: Socket): Promise<Buffer> {
  let got = Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    const onData = (chunk: Buffer) => {
      got = Buffer.concat([got, chunk]);
      const end = got.indexOf('\r\n\r\n');
      if (end < 0) return;
      socket.off('data', onData);
      const [status = ''] = got.toString('latin1', 0, end).split('\r\n');
      if (status.includes(' 101 ')) resolve(got.subarray(end + 4));
      else reject(new Error(`no upgrade: ${status}`));
    };
    socket.on('data', onData);
    socket.once('close', () => reject(new Error('closed before the upgrade')));
  });
}

/** A text frame under a mask of zeros, which leaves it as it is. */
function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const short = length < 126;
  const head = Buffer.alloc(short ? 6 : 8);
  head[0] = 0x81;
  head[1] = 0x80 | (short ? length : 126);
  if (!short) head.writeUInt16BE(length, 2);
  return Buffer.concat([head, payload]);
}

/** Cuts what comes into frames, however it is split. */
function cutting(onFrame: (op: number, payload: Buffer) => void): (chunk: Buffer) => void {
  let kept: Buffer | null = null;
  return (chunk) => {
    const data = kept === null ? chunk : Buffer.concat([kept, chunk]);
    let at = 0;
    for (;;) {
      const second = data[at + 1];
      if (second === undefined) break;
      const header = second < 126 ? 2 : second === 126 ? 4 : 10;
      if (data.length < at + header) break;
      const long = () => (second === 126 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2)));
      const end = at + header + (second < 126 ? second : long());
      if (data.length < end) break;
      onFrame((data[at] ?? 0) & 15, data.subarray(at + header, end));
      at = end;
    }
    kept = at < data.length ? Buffer.from(data.subarray(at)) : null;
  };
}
