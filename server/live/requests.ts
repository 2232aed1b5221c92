// What each request does, one small function each. Rights are looked up before: what is here may be done by
// a client that gets here.

import type { Command } from '../../core/commands.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { Game } from '../../core/game.ts';
import { GameId, PlayerId, RoundId } from '../../core/ids.ts';
import type { Reply } from '../../core/messages.ts';
import type { RequestData, RequestType } from '../../core/protocol.ts';
import type { State } from '../../core/state.ts';
import type { Folded } from '../../streams/engine.ts';
import { type Intent, ulids } from '../../streams/parts.ts';
import { personalState } from './join.ts';
import { failure, replyTo, success } from './reply.ts';
import { type LiveDeps, requestContext, type Session } from './session.ts';
import { submitAnswer } from './submit-answer.ts';

export interface Asked<T extends RequestType> {
  readonly deps: LiveDeps;
  readonly session: Session;
  readonly d: RequestData<T>;
  /** The id of the request's frame. */
  readonly frameId: number;
  /** Where the client gave its request a key. */
  readonly intent?: Intent;
}

type Handler<T extends RequestType> = (asked: Asked<T>) => Promise<Reply<T>>;

export const handlers: { readonly [T in Exclude<RequestType, 'join'>]: Handler<T> } = {
  answer: withRound(answer),
  async start(asked) {
    const { d } = asked;
    const after = d.after === null ? null : GameId.safeParse(d.after);
    if (after?.success === false) return failure('invalid_payload', 'after: not a game');
    const game = GameId.parse(ulids());
    return obey(asked, () => ({ type: 'startGame', after: after?.data ?? null, game }));
  },
  async end(asked) {
    const game = GameId.safeParse(asked.d.game);
    if (!game.success) return failure('invalid_payload', 'game: not a game');
    return obey(asked, () => ({ type: 'endGame', game: game.data }));
  },
  async pause(asked) {
    const now = await asked.deps.log.now(asked.session.room);
    return obey(asked, () => ({ type: 'pauseGame', reason: 'host', now }));
  },
  resume: (asked) => obey(asked, () => ({ type: 'resumeGame' })),
  settings: (asked) =>
    obey(asked, () => ({ type: 'changeSettings', change: asked.d, requestId: requestId(asked) })),
  kick: (asked) => remove(asked, false),
  ban: (asked) => remove(asked, true),
  skip: withRound((asked, roundId) => obey(asked, () => ({ type: 'skipRound', roundId, reason: 'host' }))),
  close: withRound((asked, roundId) => obey(asked, () => ({ type: 'closeRound', roundId, reason: 'host' }))),
  next: (asked) => (asked.d.roundId === null ? goOn(asked, null) : withRound(goOn)(asked)),
  extend: withRound((asked, roundId) =>
    obey(asked, () => ({ type: 'extendRound', roundId, ms: asked.d.ms, requestId: requestId(asked) })),
  ),
  async leave({ deps, session }) {
    const { playerId } = session.member;
    if (playerId !== null) {
      await deps.rooms.handle(
        session.room,
        () => ({ type: 'leavePlayer', playerId }),
        requestContext(deps.telemetry.tracer),
      );
    }
    return success({});
  },
  report: withRound(async ({ deps, session, d }, roundId) => {
    const { playerId } = session.member;
    if (playerId === null) return failure('forbidden');
    const command = { type: 'reportClaim', playerId, roundId, reason: d.reason } as const;
    return replyTo(
      await deps.rooms.handle(session.room, command, requestContext(deps.telemetry.tracer)),
      () => ({}),
    );
  }),
  ping: async ({ deps }) => success({ serverTime: deps.serverTime() }),
};

type AboutRound = 'answer' | 'skip' | 'close' | 'next' | 'extend' | 'report';

/** Refuses a request about a round whose id cannot be one. */
function withRound<T extends AboutRound>(
  handle: (asked: Asked<T>, roundId: RoundId) => Promise<Reply<T>>,
): Handler<T> {
  return async (asked) => {
    const roundId = RoundId.safeParse(asked.d.roundId);
    return roundId.success ? handle(asked, roundId.data) : failure('invalid_round_id');
  };
}

/** Of a request without a key: the same only on the same connection. */
const requestId = ({ session, frameId }: Pick<Asked<RequestType>, 'session' | 'frameId'>): string =>
  `${session.id}:${frameId}`;

function goOn(asked: Asked<'next'>, roundId: RoundId | null): Promise<Reply<'next'>> {
  const { deps, session } = asked;
  return obey(asked, async (folded) => {
    const world = await deps.worldFor(session.room, folded);
    return { type: 'nextRound', roundId, world };
  });
}

/** Requests that are answered by the new state, all in the same shape. */
type ByHost = 'start' | 'end' | 'pause' | 'resume' | 'settings' | 'kick' | 'skip';

/** A host's command; the reply is the new state, however often it was sent. */
async function obey(
  { deps, session, intent }: Pick<Asked<RequestType>, 'deps' | 'session' | 'intent'>,
  makeCommand: (folded: Folded<Game>) => Command | Promise<Command>,
): Promise<Reply<ByHost>> {
  const { room, hub, member } = session;
  const context = requestContext(deps.telemetry.tracer, intent === undefined ? {} : { intent });
  const handled = await deps.rooms.handle(room, makeCommand, context);
  if (handled.status === 'rejected') return failure(handled.code, handled.detail);
  const { state } = handled.folded;
  if (state.phase === 'none') return failure('room_not_found');
  return success({ state: personalState(hub, state, member) });
}

async function remove(asked: Asked<'kick' | 'ban'>, ban: boolean): Promise<Reply<ByHost>> {
  const playerId = PlayerId.safeParse(asked.d.playerId);
  if (!playerId.success) return failure('invalid_payload', 'playerId: not a player');
  return obey(asked, () => ({ type: 'kickPlayer', playerId: playerId.data, ban }));
}

/**
 * Acknowledged only when it is stored. A repeat of the first answer is as good as the first; another one is
 * too late.
 */
async function answer({ deps, session, d }: Asked<'answer'>, roundId: RoundId): Promise<Reply<'answer'>> {
  const { playerId } = session.member;
  if (playerId === null) return failure('forbidden');
  const submission = { playerId, roundId, answer: d.answer };
  const outcome = await submitAnswer(
    deps.rooms,
    session.room,
    submission,
    requestContext(deps.telemetry.tracer),
  );
  switch (outcome.status) {
    case 'ok':
      session.hub.answered(roundId, playerId);
      return success({ roundId: d.roundId, answer: d.answer, at: outcome.at });
    case 'dup':
      if (outcome.note !== d.answer) return failure('already_answered', `it was ${outcome.note}`);
      return success({ roundId: d.roundId, answer: d.answer, at: outcome.at });
    case 'refused': {
      const { state } = await deps.rooms.load(session.room);
      return failure(whyNot(outcome.code, state, roundId));
    }
    case 'conflict':
      return failure('internal');
  }
}

/** The commit knows only the round that is open; which other one was meant is in the room. */
function whyNot(code: ErrorCode, state: State, roundId: RoundId): ErrorCode {
  if (code !== 'round_not_active' || state.phase === 'none') return code;
  if (!state.shown.has(roundId)) return 'invalid_round_id';
  const shut = state.phase === 'closed' || state.phase === 'waiting' || state.phase === 'over';
  return shut && state.lastRoundId === roundId ? 'too_late' : code;
}
