// One socket from its opening to its end: frames in, exactly one reply to each request, in order. Mistakes
// are answered, not punished; too many of them end the connection, and so does a flood. There are thousands
// of these, and most of them wait: what one holds is counted in words.

import { ulid } from 'ulid';
import type { WebSocket } from 'ws';
import { limits } from '../../core/limits.ts';
import type { Reply } from '../../core/messages.ts';
import { type CloseReason, subprotocol } from '../../core/protocol.ts';
import { type ClientSocket, createClientSocket } from '../fan-out/client-socket.ts';
import { answerFrame, type Peer } from './answer-frame.ts';
import { type Bucket, createBucket, createMinute, type Minute } from './budgets.ts';
import { type Frame, parseFrame } from './frame.ts';
import { failure } from './reply.ts';
import type { LiveDeps, Session } from './session.ts';

export interface Connection {
  readonly address: string;
  /** Ends it: the process stops, or the peer no longer answers. */
  close(reason: CloseReason): void;
  /** True if the peer has been heard of since the last look; asks it for a sign of life. */
  checkPulse(): boolean;
}

/** `gone`: told once, with the code of the close. */
export function openConnection(
  ws: WebSocket,
  address: string,
  deps: LiveDeps,
  gone: (connection: Connection, code: number) => void = () => undefined,
): Connection {
  const connection = new OpenConnection(ws, address, deps);
  ws.on('message', (data: Buffer, isBinary: boolean) => connection.receive(data, isBinary));
  ws.on('ping', () => connection.heard());
  ws.on('pong', () => connection.heard());
  // The close event follows every error and does what is to be done.
  ws.on('error', ignored);
  ws.on('close', (code: number) => {
    connection.leave();
    gone(connection, code);
  });
  if (ws.protocol !== subprotocol) connection.close('wrongProtocol');
  return connection;
}

const ignored = (): void => undefined;
const nothingBefore = Promise.resolve();

// Connections of this process are numbered; no other process has its name.
const processName = ulid();
let opened = 0;

class OpenConnection implements Peer, Connection {
  readonly deps: LiveDeps;
  readonly socket: ClientSocket;
  readonly address: string;
  readonly id: string;
  session: Session | null = null;
  readonly #ws: WebSocket;
  #joinTimer: NodeJS.Timeout | null;
  #missed = 0;
  // Every connection has these, so they are numbers rather than a counter of its own.
  #controls = 0;
  #controlsSince = 0;
  // One request after the other: a join must be over before the answer behind it is looked at.
  #queue: Promise<void> = nothingBefore;
  readonly #bucket: Bucket = createBucket(limits.messagesPerSecond, limits.messagesBurst);
  #mistakes: Minute | null = null;
  #refusals: Minute | null = null;

  constructor(ws: WebSocket, address: string, deps: LiveDeps) {
    this.deps = deps;
    this.address = address;
    opened += 1;
    this.id = `${processName}.${opened}`;
    this.socket = createClientSocket(ws, deps);
    this.#ws = ws;
    this.#joinTimer = setTimeout(() => {
      if (this.session === null) this.close('noJoin');
    }, limits.joinWithinMs);
  }

  get isOpen(): boolean {
    return this.#ws.readyState === this.#ws.OPEN;
  }

  /** Takes what arrives, within the peer's budget; answers in the order of arrival. */
  receive(data: Buffer, isBinary: boolean): void {
    this.#missed = 0;
    // A client that was sent away may go on sending until it notices.
    if (!this.isOpen) return;
    if (data.length > limits.frameBytesMax) return this.mistake(null, failure('payload_too_large'));
    const frame = isBinary ? null : parseFrame(data);
    if (frame === null) return this.mistake(null, failure('invalid_json'));
    if ('problem' in frame) return this.mistake(frame.id, failure('invalid_payload', frame.problem));
    const now = this.deps.clock();
    const waitMs = this.#bucket.take(now);
    if (waitMs > 0) return this.#refuse(frame, waitMs, now);
    this.#queue = this.#queue.then(() => answerFrame(this, frame));
  }

  #refuse(frame: Frame, waitMs: number, now: number): void {
    this.reply(frame.id, failure('rate_limited', null, waitMs));
    this.#refusals ??= createMinute(limits.refusalsPerMinuteMax);
    if (!this.#refusals.count(now)) this.close('tooManyErrors');
  }

  reply(frameId: number | null, body: Reply): void {
    this.socket.send({ id: frameId, ...body });
    const error = 'err' in body ? { error: body.err.code } : {};
    this.deps.note('reply', { line: this.id, frame: frameId, ...error });
  }

  mistake(frameId: number | null, body: Reply): void {
    this.reply(frameId, body);
    this.#mistakes ??= createMinute(limits.protocolErrorsPerMinuteMax);
    if (!this.#mistakes.count(this.deps.clock())) this.close('tooManyErrors');
  }

  joined(session: Session): void {
    this.session = session;
    this.#endJoinTimer();
    // The socket may have closed while the join was on its way.
    if (!this.isOpen) session.hub.leave(session.member);
  }

  leave(): void {
    this.#endJoinTimer();
    this.session?.hub.leave(this.session.member);
  }

  #endJoinTimer(): void {
    if (this.#joinTimer !== null) clearTimeout(this.#joinTimer);
    this.#joinTimer = null;
  }

  /** A ping or a pong. */
  heard(): void {
    this.#missed = 0;
    const now = this.deps.clock();
    if (now - this.#controlsSince >= 60_000) [this.#controlsSince, this.#controls] = [now, 0];
    this.#controls += 1;
    if (this.#controls > limits.controlFramesPerMinuteMax) this.close('tooManyErrors');
  }

  close(reason: CloseReason): void {
    this.socket.close(reason);
  }

  checkPulse(): boolean {
    this.#missed += 1;
    if (this.#missed > limits.pingMissesMax) return false;
    this.socket.ping();
    return true;
  }
}
