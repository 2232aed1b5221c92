// The way out to one socket. Frames are made once and written to many, straight to the socket, so that what
// is written in order arrives in order; a socket that stays behind is told to come back instead of filling
// our memory.

import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { limits } from '../../core/limits.ts';
import type { ReplyFrame } from '../../core/messages.ts';
import { type CloseReason, closes } from '../../core/protocol.ts';

/** One unmasked text frame (RFC 6455, section 5.2), whole. */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([0x81, length]), payload]);
  if (length < 65_536) {
    const header = Buffer.from([0x81, 126, 0, 0]);
    header.writeUInt16BE(length, 2);
    return Buffer.concat([header, payload]);
  }
  const header = Buffer.alloc(10);
  header.set([0x81, 127]);
  header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}

export interface ClientSocket {
  /** Writes frames; closes a socket that is too far behind. */
  write(frames: Buffer): void;
  /** Writes unless the socket is behind: the next one of its kind says all that this one did. */
  writeVolatile(frames: Buffer): void;
  send(reply: ReplyFrame): void;
  close(reason: CloseReason | 'left' | 'comeBack'): void;
}

const plainCloses = { left: 1000, comeBack: 1012 } as const;

/** `clock` in ms, only for differences; `traffic.pushes` counts the writes. */
export function createClientSocket(
  ws: WebSocket,
  { clock, traffic }: { clock: () => number; traffic: { pushes: number } },
): ClientSocket {
  // `ws` frames and queues per call; without compression its socket may be written to directly, in order with
  // it.
  const { _socket: socket } = ws as unknown as { _socket: Socket };
  let behindSince: number | null = null;

  const close: ClientSocket['close'] = (reason) => {
    const code = reason === 'left' || reason === 'comeBack' ? plainCloses[reason] : closes[reason];
    ws.close(code, reason);
  };

  /** Bytes not yet taken by the kernel, after noting for how long there have been too many. */
  function unsent(): number {
    const bytes = socket.writableLength;
    if (bytes <= limits.socketBehindBytes) behindSince = null;
    else behindSince ??= clock();
    return bytes;
  }

  const write = (frames: Buffer): void => {
    if (ws.readyState !== ws.OPEN) return;
    const bytes = unsent();
    const tooLong = behindSince !== null && clock() - behindSince > limits.socketBehindMsMax;
    if (bytes > limits.socketBehindBytesMax || tooLong) {
      close('behind');
      // A peer that reads nothing would never see the close frame either.
      setTimeout(() => ws.terminate(), limits.socketBehindMsMax).unref();
      return;
    }
    traffic.pushes += 1;
    socket.write(frames);
  };

  return {
    write,
    writeVolatile(frames) {
      if (ws.readyState !== ws.OPEN || unsent() > limits.socketBehindBytes) return;
      traffic.pushes += 1;
      socket.write(frames);
    },
    send: (reply) => write(textFrame(JSON.stringify(reply))),
    close,
  };
}
