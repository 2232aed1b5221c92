// From a frame to its one reply: known, well formed, joined, allowed, and then what the request's handler
// says. Called by a connection for one frame after the other.

import type { z } from 'zod';
import type { Reply } from '../../core/messages.ts';
import { allowed, type RequestType, requestData } from '../../core/protocol.ts';
import { questionOf } from '../../core/state.ts';
import { isAway } from '../../streams/engine.ts';
import type { ClientSocket } from '../fan-out/client-socket.ts';
import { intentOf } from '../http/intent-of.ts';
import { type About, traceFrame } from '../telemetry/request-spans.ts';
import type { Frame } from './frame.ts';
import { joinRoom } from './join.ts';
import { failure, firstIssue } from './reply.ts';
import { type Asked, handlers } from './requests.ts';
import type { LiveDeps, Session } from './session.ts';

/** One client, as its frames are answered. */
export interface Peer {
  readonly deps: LiveDeps;
  readonly socket: ClientSocket;
  readonly address: string;
  readonly id: string;
  /** Null until a join has succeeded. */
  readonly session: Session | null;
  joined(session: Session): void;
  reply(frameId: number | null, body: Reply): void;
  /** Replies, and counts it: too many of these end the connection. */
  mistake(frameId: number | null, body: Reply): void;
}

/** Never throws: what goes wrong is the reply. */
export async function answerFrame(peer: Peer, frame: Frame): Promise<void> {
  const request = isRequestType(frame.t) ? frame.t : 'unknown';
  try {
    await traceFrame(
      peer.deps.telemetry.tracer,
      request,
      () => about(peer),
      () => {
        const room = peer.session?.room ?? null;
        peer.deps.note('request', { line: peer.id, frame: frame.id, request, room });
        return dispatch(peer, frame);
      },
    );
  } catch (error) {
    if (!isAway(error)) peer.deps.bug(error);
    peer.reply(frame.id, failure(isAway(error) ? 'unavailable' : 'internal'));
  }
}

/** The room that a peer has joined, and its round. */
function about({ session }: Peer): About {
  if (session === null) return { room: null, round: null };
  const { state } = session.hub.follower.folded();
  const question = state.phase === 'none' ? null : questionOf(state);
  return { room: session.room, round: question?.traceparent ?? null };
}

async function dispatch(peer: Peer, { id: frameId, t, d }: Frame): Promise<void> {
  if (!isRequestType(t)) return peer.mistake(frameId, failure('unknown_type', t));
  const parsed = requestData[t].safeParse(d ?? {});
  if (!parsed.success) return peer.mistake(frameId, failure('invalid_payload', firstIssue(parsed.error)));
  if (t === 'join') return join(peer, frameId, requestData.join.parse(parsed.data));
  const { deps, session } = peer;
  if (session === null) return peer.reply(frameId, failure('not_joined'));
  if (!allowed[session.member.role].has(t)) return peer.reply(frameId, failure('forbidden'));
  const handler = handlers[t] as (asked: Asked<RequestType>) => Promise<Reply>;
  const asked = {
    deps,
    session,
    frameId,
    ...contentOf(t, parsed.data as { readonly key?: string }),
  } as Asked<RequestType>;
  peer.reply(frameId, await handler(asked));
  if (t === 'leave') peer.socket.close('left');
}

/** What a request asks for, and the intent that its key stands for where it has one. */
function contentOf(
  t: RequestType,
  data: { readonly key?: string },
): Pick<Asked<RequestType>, 'd' | 'intent'> {
  if (data.key === undefined) return { d: data as Asked<RequestType>['d'] };
  const { key, ...content } = data;
  return { d: content as Asked<RequestType>['d'], intent: intentOf(key, { t, ...content }) };
}

async function join(peer: Peer, frameId: number, request: z.infer<typeof requestData.join>): Promise<void> {
  if (peer.session !== null) return peer.reply(frameId, failure('already_joined'));
  const { deps, socket, address, id } = peer;
  const { reply, session } = await joinRoom(deps, { join: request, socket, address, id });
  deps.telemetry.meter.add('arena_joins_total', { outcome: outcomeOf(request, reply), role: request.role });
  peer.reply(frameId, reply);
  if (session !== null) peer.joined(session);
}

/** New, or how a client that came back was brought up to date. */
function outcomeOf({ s }: z.infer<typeof requestData.join>, reply: Reply<'join'>): string {
  if ('err' in reply) return 'refused';
  if (reply.ok.recovered) return 'recovered';
  return s === undefined ? 'new' : 'restored';
}

function isRequestType(t: string): t is RequestType {
  return Object.hasOwn(requestData, t);
}
