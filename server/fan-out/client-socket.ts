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
  const length = Buffer.byteLength(text);
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = 0x81;
  frame[1] = head === 2 ? length : head === 4 ? 126 : 127;
  if (head === 4) frame.writeUInt16BE(length, 2);
  if (head === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.write(text, head);
  return frame;
}

export interface ClientSocket {
  /** Writes frames; closes a socket that is too far behind. */
  write(frames: Buffer): void;
  /** Writes unless the socket is behind: the next one of its kind says all that this one did. */
  writeVolatile(frames: Buffer): void;
  send(reply: ReplyFrame): void;
  /** Asks for a sign of life. */
  ping(): void;
  close(reason: CloseReason | 'left' | 'comeBack'): void;
}

const plainCloses = { left: 1000, comeBack: 1012 } as const;
const pingFrame = Buffer.from([0x89, 0]);

interface Around {
  /** In ms, only for differences. */
  readonly clock: () => number;
  /** Writes are counted here. */
  readonly traffic: { pushes: number };
}

export const createClientSocket = (ws: WebSocket, around: Around): ClientSocket =>
  new DirectSocket(ws, around);

class DirectSocket implements ClientSocket {
  readonly #ws: WebSocket;
  // `ws` frames and queues per call; without compression its socket may be written to directly, in order with
  // it.
  readonly #line: Socket;
  readonly #around: Around;
  #behindSince: number | null = null;

  constructor(ws: WebSocket, around: Around) {
    this.#ws = ws;
    this.#line = (ws as unknown as { _socket: Socket })._socket;
    this.#around = around;
  }

  get #isOpen(): boolean {
    return this.#ws.readyState === this.#ws.OPEN;
  }

  /** Bytes not yet taken by the kernel, after noting for how long there have been too many. */
  #unsent(): number {
    const bytes = this.#line.writableLength;
    if (bytes <= limits.socketBehindBytes) this.#behindSince = null;
    else this.#behindSince ??= this.#around.clock();
    return bytes;
  }

  write(frames: Buffer): void {
    if (!this.#isOpen) return;
    const bytes = this.#unsent();
    const since = this.#behindSince;
    const tooLong = since !== null && this.#around.clock() - since > limits.socketBehindMsMax;
    if (bytes > limits.socketBehindBytesMax || tooLong) {
      this.close('behind');
      // A peer that reads nothing would never see the close frame either.
      setTimeout(() => this.#ws.terminate(), limits.socketBehindMsMax).unref();
      return;
    }
    this.#around.traffic.pushes += 1;
    this.#line.write(frames);
  }

  writeVolatile(frames: Buffer): void {
    if (!this.#isOpen || this.#unsent() > limits.socketBehindBytes) return;
    this.#around.traffic.pushes += 1;
    this.#line.write(frames);
  }

  send(reply: ReplyFrame): void {
    this.write(textFrame(JSON.stringify(reply)));
  }

  ping(): void {
    if (this.#isOpen) this.#line.write(pingFrame);
  }

  close(reason: Parameters<ClientSocket['close']>[0]): void {
    const code = reason === 'left' || reason === 'comeBack' ? plainCloses[reason] : closes[reason];
    this.#ws.close(code, reason);
  }
}
