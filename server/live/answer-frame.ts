// From a frame to its one reply: known, well formed, joined, allowed, and then what the request's handler
// says. Called by a connection for one frame after the other.

import type { z } from 'zod';
import type { Reply } from '../../core/messages.ts';
import { allowed, type RequestType, requestData } from '../../core/protocol.ts';
import { questionOf } from '../../core/state.ts';
import { isAway } from '../../streams/engine.ts';
import type { Outlet } from '../fan-out/outlet.ts';
import { intentOf } from '../http/intent-of.ts';
import { type About, traceFrame } from '../telemetry/request-spans.ts';
import type { Frame } from './frame.ts';
import { joinRoom } from './join.ts';
import { failure, firstIssue } from './reply.ts';
import { type Asked, handlers } from './requests.ts';
import type { LiveDeps, Session } from './session.ts';

/** A connection as the frames on it meet it. */
export interface Line {
  readonly deps: LiveDeps;
  readonly outlet: Outlet;
  readonly address: string;
  readonly id: string;
  /** Null until a join has succeeded. */
  session: Session | null;
  readonly isOpen: () => boolean;
  reply(frameId: number | null, body: Reply): void;
  /** Replies, and counts it: too many of these end the connection. */
  mistake(frameId: number | null, body: Reply): void;
}

/** Never throws: what goes wrong is the reply. */
export async function answerFrame(line: Line, frame: Frame): Promise<void> {
  const request = isRequestType(frame.t) ? frame.t : 'unknown';
  try {
    await traceFrame(
      line.deps.telemetry.tracer,
      request,
      () => about(line),
      () => {
        const room = line.session?.room ?? null;
        line.deps.note('request', { line: line.id, frame: frame.id, request, room });
        return dispatch(line, frame);
      },
    );
  } catch (error) {
    if (!isAway(error)) line.deps.bug(error);
    line.reply(frame.id, failure(isAway(error) ? 'unavailable' : 'internal'));
  }
}

/** The room that a line has joined, and its round. */
function about({ session }: Line): About {
  if (session === null) return { room: null, round: null };
  const { state } = session.hub.follower.folded();
  const question = state.phase === 'none' ? null : questionOf(state);
  return { room: session.room, round: question?.traceparent ?? null };
}

async function dispatch(line: Line, { id: frameId, t, d }: Frame): Promise<void> {
  if (!isRequestType(t)) return line.mistake(frameId, failure('unknown_type', t));
  const parsed = requestData[t].safeParse(d ?? {});
  if (!parsed.success) return line.mistake(frameId, failure('invalid_payload', firstIssue(parsed.error)));
  if (t === 'join') return join(line, frameId, requestData.join.parse(parsed.data));
  const { deps, session } = line;
  if (session === null) return line.reply(frameId, failure('not_joined'));
  if (!allowed[session.member.role].has(t)) return line.reply(frameId, failure('forbidden'));
  const handler = handlers[t] as (asked: Asked<RequestType>) => Promise<Reply>;
  const { key, ...content } = parsed.data as { readonly key?: string };
  const intent = key === undefined ? {} : { intent: intentOf(key, { t, ...content }) };
  const asked = { deps, session, frameId, d: content, ...intent } as Asked<RequestType>;
  line.reply(frameId, await handler(asked));
  if (t === 'leave') line.outlet.close('left');
}

async function join(line: Line, frameId: number, request: z.infer<typeof requestData.join>): Promise<void> {
  if (line.session !== null) return line.reply(frameId, failure('already_joined'));
  const { deps, outlet, address, id } = line;
  const { reply, session } = await joinRoom(deps, { join: request, outlet, address, id });
  deps.telemetry.meter.add('arena_joins_total', { outcome: outcomeOf(request, reply), role: request.role });
  line.reply(frameId, reply);
  line.session = session;
  // The socket may have closed while the join was on its way.
  if (session !== null && !line.isOpen()) session.hub.leave(session.member);
}

/** New, or how somebody who came back was brought up to date. */
function outcomeOf({ s }: z.infer<typeof requestData.join>, reply: Reply<'join'>): string {
  if ('err' in reply) return 'refused';
  if (reply.ok.recovered) return 'recovered';
  return s === undefined ? 'new' : 'restored';
}

function isRequestType(t: string): t is RequestType {
  return Object.hasOwn(requestData, t);
}
