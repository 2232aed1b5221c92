// One socket from its opening to its end: frames in, exactly one reply to each request, in order. Mistakes
// are answered, not punished; too many of them end the connection, and so does a flood.

import { ulid } from 'ulid';
import type { WebSocket } from 'ws';
import { limits } from '../../core/limits.ts';
import { type CloseReason, subprotocol } from '../../core/protocol.ts';
import { createClientSocket } from '../fan-out/client-socket.ts';
import { answerFrame, type Peer } from './answer-frame.ts';
import { createBucket, createCounter } from './budgets.ts';
import { parseFrame } from './frame.ts';
import { failure } from './reply.ts';
import type { LiveDeps } from './session.ts';

export interface Connection {
  /** Ends it: the process stops, or the peer no longer answers. */
  close(reason: CloseReason): void;
  /** True if the peer has been heard of since the last look; asks it for a sign of life. */
  checkPulse(): boolean;
}

export function openConnection(ws: WebSocket, address: string, deps: LiveDeps): Connection {
  const peer = openPeer(ws, address, deps);
  const { socket } = peer;
  const receive = receiver(peer);
  const joinTimer = setTimeout(() => {
    if (peer.session === null) socket.close('noJoin');
  }, limits.joinWithinMs);
  let missed = 0;

  ws.on('message', (data: Buffer, isBinary: boolean) => {
    missed = 0;
    receive(data, isBinary);
  });
  ws.on('pong', () => {
    missed = 0;
  });
  // The close event follows every error and does what is to be done.
  ws.on('error', () => undefined);
  ws.on('close', () => {
    clearTimeout(joinTimer);
    peer.session?.hub.leave(peer.session.member);
  });
  if (ws.protocol !== subprotocol) socket.close('wrongProtocol');

  return {
    close: (reason) => socket.close(reason),
    checkPulse() {
      missed += 1;
      if (missed > limits.pingMissesMax) return false;
      if (ws.readyState === ws.OPEN) ws.ping();
      return true;
    },
  };
}

function openPeer(ws: WebSocket, address: string, deps: LiveDeps): Peer {
  const socket = createClientSocket(ws, deps);
  const mistakes = createCounter(limits.protocolErrorsPerMinuteMax);
  const id = ulid();
  const reply: Peer['reply'] = (frameId, { ...body }) => {
    socket.send({ id: frameId, ...body });
    deps.note('reply', { line: id, frame: frameId, ...('err' in body ? { error: body.err.code } : {}) });
  };
  return {
    deps,
    socket,
    address,
    id,
    session: null,
    isOpen: () => ws.readyState === ws.OPEN,
    reply,
    mistake(frameId, body) {
      reply(frameId, body);
      if (!mistakes.count('', deps.clock())) socket.close('tooManyErrors');
    },
  };
}

/** Takes what arrives from a peer, within its budget; answers in the order of arrival. */
function receiver(peer: Peer): (data: Buffer, isBinary: boolean) => void {
  const bucket = createBucket(limits.messagesPerSecond, limits.messagesBurst);
  const refusals = createCounter(limits.refusalsPerMinuteMax);
  // One request after the other: a join must be over before the answer behind it is looked at.
  let queue: Promise<void> = Promise.resolve();
  return (data, isBinary) => {
    // A client that was sent away may go on sending until it notices.
    if (!peer.isOpen()) return;
    if (data.length > limits.frameBytesMax) return peer.mistake(null, failure('payload_too_large'));
    const frame = isBinary ? null : parseFrame(data);
    if (frame === null) return peer.mistake(null, failure('invalid_json'));
    if ('problem' in frame) return peer.mistake(frame.id, failure('invalid_payload', frame.problem));
    const now = peer.deps.clock();
    const waitMs = bucket.take(now);
    if (waitMs > 0) {
      peer.reply(frame.id, failure('rate_limited', null, waitMs));
      if (!refusals.count('', now)) peer.socket.close('tooManyErrors');
      return;
    }
    queue = queue.then(() => answerFrame(peer, frame));
  };
}
