// Valkey's protocol (RESP2) by hand, for judges: no driver and no code of the engine. One command at a
// time.

import { connect } from 'node:net';
import { encoded } from '../support/resp.ts';

export type Reply = string | number | null | readonly Reply[];

export interface RawClient {
  /** Rejects with what the server says against it. */
  ask(...words: readonly (string | number)[]): Promise<Reply>;
  close(): void;
}

export async function openRaw(port: number): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  let came: Buffer = Buffer.alloc(0);
  let waits: PromiseWithResolvers<Reply> | null = null;
  const fail = (error: Error) => waits?.reject(error);
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the connection has ended')));
  socket.on('data', (data: Buffer) => {
    came = came.length === 0 ? data : Buffer.concat([came, data]);
    const read = readReply(came, 0);
    if (read === null) return;
    came = came.subarray(read.end);
    if (read.error !== undefined) waits?.reject(new Error(read.error));
    else waits?.resolve(read.value);
  });
  return {
    async ask(...words) {
      waits = Promise.withResolvers();
      if (socket.destroyed) fail(new Error('the connection has ended'));
      else socket.write(encoded(words.map(String)));
      return waits.promise;
    },
    close: () => void socket.destroy(),
  };
}

interface Read {
  readonly value: Reply;
  readonly end: number;
  readonly error?: string;
}

/** The reply that begins here; null while it is not there to its end. */
function readReply(data: Buffer, from: number): Read | null {
  const line = data.indexOf('\r\n', from);
  if (line < 0) return null;
  const kind = String.fromCharCode(data[from] ?? 0);
  const text = data.toString('utf8', from + 1, line);
  const end = line + 2;
  if (kind === '+') return { value: text, end };
  if (kind === ':') return { value: Number(text), end };
  if (kind === '-') return { value: null, end, error: text };
  const length = Number(text);
  if (length < 0) return { value: null, end };
  if (kind === '$') {
    if (data.length < end + length + 2) return null;
    return { value: data.toString('utf8', end, end + length), end: end + length + 2 };
  }
  return readList(data, end, length);
}

function readList(data: Buffer, from: number, length: number): Read | null {
  const list: Reply[] = [];
  let end = from;
  while (list.length < length) {
    const one = readReply(data, end);
    if (one === null) return null;
    list.push(one.value);
    end = one.end;
  }
  return { value: list, end };
}
