// One socket from its opening to its end: frames in, exactly one reply to each request, in order. Mistakes
// are answered, not punished; too many of them end the connection.

import { ulid } from 'ulid';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { limits } from '../../core/limits.ts';
import { isAway } from '../../core/ports.ts';
import {
  allowed,
  type CloseReason,
  RequestFrame,
  type RequestType,
  requestData,
  subprotocol,
} from '../../core/protocol.ts';
import { createOutlet } from '../fan-out/outlet.ts';
import { createBucket, createCounter } from './budgets.ts';
import { joinRoom } from './join.ts';
import { failure, firstIssue, type Reply } from './reply.ts';
import { type Asked, handlers } from './requests.ts';
import type { LiveDeps, Session } from './session.ts';

export interface Connection {
  /** Ends it: the process stops, or the peer no longer answers. */
  close(reason: CloseReason): void;
  /** True if the peer has been heard of since the last look; asks it for a sign of life. */
  checkPulse(): boolean;
}

type Frame = z.infer<typeof RequestFrame>;

export function openConnection(ws: WebSocket, address: string, deps: LiveDeps): Connection {
  const outlet = createOutlet(ws, deps.clock);
  const id = ulid();
  const bucket = createBucket(limits.messagesPerSecond, limits.messagesBurst);
  const mistakes = createCounter(limits.protocolErrorsPerMinuteMax);
  let session: Session | null = null;
  let missed = 0;
  // One request after the other: a join must be over before the answer behind it is looked at.
  let queue: Promise<void> = Promise.resolve();

  const joinTimer = setTimeout(() => outlet.close('noJoin'), limits.joinWithinMs);

  const reply = (frameId: number | null, { ...body }: Reply) => outlet.send({ id: frameId, ...body });

  function mistake(frameId: number | null, body: Reply): void {
    reply(frameId, body);
    if (!mistakes.count('', deps.clock())) outlet.close('tooManyErrors');
  }

  function onMessage(data: Buffer, isBinary: boolean): void {
    missed = 0;
    if (data.length > limits.frameBytesMax) return mistake(null, failure('payload_too_large'));
    const frame = isBinary ? null : parseFrame(data);
    if (frame === null) return mistake(null, failure('invalid_json'));
    if ('problem' in frame) return mistake(frame.id, failure('invalid_payload', frame.problem));
    const waitMs = bucket.take(deps.clock());
    if (waitMs > 0) return reply(frame.id, failure('rate_limited', null, waitMs));
    queue = queue.then(() => answerFrame(frame));
  }

  async function answerFrame(frame: Frame): Promise<void> {
    try {
      await dispatch(frame);
    } catch (error) {
      if (!isAway(error)) deps.bug(error);
      reply(frame.id, failure(isAway(error) ? 'unavailable' : 'internal'));
    }
  }

  async function dispatch({ id: frameId, t, d }: Frame): Promise<void> {
    if (!isRequestType(t)) return mistake(frameId, failure('unknown_type', t));
    const parsed = requestData[t].safeParse(d ?? {});
    if (!parsed.success) return mistake(frameId, failure('invalid_payload', firstIssue(parsed.error)));
    if (t === 'join') return join(frameId, requestData.join.parse(parsed.data));
    if (session === null) return reply(frameId, failure('not_joined'));
    if (!allowed[session.member.role].has(t)) return reply(frameId, failure('forbidden'));
    const handler = handlers[t] as (asked: Asked<RequestType>) => Promise<Reply>;
    const asked = { deps, session, frameId, d: parsed.data } as Asked<RequestType>;
    reply(frameId, await handler(asked));
    if (t === 'leave') outlet.close('left');
  }

  async function join(frameId: number, request: z.infer<typeof requestData.join>): Promise<void> {
    if (session !== null) return reply(frameId, failure('already_joined'));
    const joined = await joinRoom(deps, { join: request, outlet, address, id });
    reply(frameId, joined.reply);
    session = joined.session;
    if (session === null) return;
    clearTimeout(joinTimer);
    if (ws.readyState !== ws.OPEN) session.hub.leave(session.member);
  }

  ws.on('message', onMessage);
  ws.on('pong', () => {
    missed = 0;
  });
  // The close event follows every error and does what is to be done.
  ws.on('error', () => undefined);
  ws.on('close', () => {
    clearTimeout(joinTimer);
    session?.hub.leave(session.member);
  });
  if (ws.protocol !== subprotocol) outlet.close('wrongProtocol');

  return {
    close: (reason) => outlet.close(reason),
    checkPulse() {
      missed += 1;
      if (missed > limits.pingMissesMax) return false;
      if (ws.readyState === ws.OPEN) ws.ping();
      return true;
    },
  };
}

/** Null: no JSON object. `problem`: an object, but not a request; with its id if that can be read. */
function parseFrame(data: Buffer): Frame | { id: number | null; problem: string } | null {
  let raw: unknown;
  try {
    raw = JSON.parse(data.toString());
  } catch {
    return null;
  }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return null;
  const frame = RequestFrame.safeParse(raw);
  if (frame.success) return frame.data;
  const id = z
    .int()
    .positive()
    .safeParse('id' in raw ? raw.id : null);
  return { id: id.data ?? null, problem: firstIssue(frame.error) };
}

function isRequestType(t: string): t is RequestType {
  return Object.hasOwn(requestData, t);
}
