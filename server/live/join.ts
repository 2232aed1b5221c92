// Joining: by name with a nonce, again with a token, as host, as a screen. Nothing of a secret is stored but
// its hash; a token is made from the client's own nonce, so that a join whose reply was lost can be repeated
// and gives the same.

import { createHash } from 'node:crypto';
import { PlayerId, RoomCode } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import type { Ok, PublicState, Reply, RoomState } from '../../core/messages.ts';
import { stateView, youOf } from '../../core/player-view.ts';
import type { JoinRequest } from '../../core/protocol.ts';
import { isEligible, isEntered, questionOf, type Room } from '../../core/state.ts';
import { ulids } from '../../streams/parts.ts';
import type { Member } from '../fan-out/audience.ts';
import type { ClientSocket } from '../fan-out/client-socket.ts';
import type { Hub } from '../fan-out/hub.ts';
import { looksOf } from './looks.ts';
import { type Failure, failure, refusal, success } from './reply.ts';
import { type LiveDeps, requestContext, type Session } from './session.ts';

const sha256 = (text: string, as: 'hex' | 'base64url') => createHash('sha256').update(text).digest(as);

/** The hash under which a secret is known. */
export const secretHash = (secret: string): string => sha256(secret, 'hex');

/** Only a client that knows the nonce knows the token. */
const tokenFrom = (room: Room, nonce: string): string => sha256(`token:${room.epoch}:${nonce}`, 'base64url');

export interface Joining {
  readonly join: JoinRequest;
  readonly socket: ClientSocket;
  readonly address: string;
  readonly id: string;
}

/** `session` is null when the join was refused. The reply must be sent before anything else. */
export type Joined = { readonly reply: Reply<'join'>; readonly session: Session | null };

const refused = (reply: Failure): Joined => ({ reply, session: null });

/**
 * A client that guesses codes or tokens is told nothing any more; one that has a token comes in, though
 * the guesses of others came from the same address.
 */
export async function joinRoom(deps: LiveDeps, joining: Joining): Promise<Joined> {
  const { addresses, clock } = deps;
  const { address, join } = joining;
  const comesBack = join.token !== undefined;
  const guesses = !addresses.guesses.allows(address, clock());
  const allowed = comesBack || (!guesses && addresses.joins.count(address, clock()));
  const rateLimited = failure('rate_limited', null, 60_000);
  if (!allowed) return refused(rateLimited);
  const wrong = (why: Failure): Joined => {
    addresses.guesses.count(address, clock());
    return refused(guesses ? rateLimited : why);
  };
  const code = RoomCode.safeParse(join.room);
  const room = code.success ? await roomFor(deps, code.data, join) : null;
  if (!code.success || room === null) return wrong(failure('room_not_found'));
  const who = await identify(deps, room, join);
  if ('err' in who) return who.err.code === 'bad_token' ? wrong(who) : refused(who);
  // Asked of the room as it was: only the first need say so.
  if (join.role !== 'screen' && !isEntered(room)) await deps.unentered.entered(code.data);
  return deps.hubs.use(code.data, (hub) => admit(deps, joining, hub, who));
}

/**
 * The room that is asked for. Whether a name may come in is decided by the commit, so for that it is enough
 * that others are in the room here: thousands who come at once read its log once.
 */
async function roomFor(deps: LiveDeps, code: RoomCode, { token, role }: JoinRequest): Promise<Room | null> {
  const known = token === undefined && role === 'player' ? deps.hubs.peek(code) : null;
  if (known !== null) return known;
  const { state } = await deps.rooms.load(code);
  return state.phase === 'none' ? null : state;
}

interface Who {
  readonly playerId: PlayerId | null;
  readonly token: string | null;
}

/** Who this is, or why not. A host who gives a name plays, too. */
async function identify(deps: LiveDeps, room: Room, join: JoinRequest): Promise<Who | Failure> {
  if (join.role === 'screen') return { playerId: null, token: null };
  const { token, name, nonce } = join;
  const owner = token === undefined ? null : await deps.secrets.ownerOf(room.room, secretHash(token));
  if (token !== undefined && owner === null) return failure('bad_token');
  if (join.role === 'host' && owner !== 'host') return failure('bad_token', 'not the host’s');
  if (join.role === 'host' && (name === undefined || nonce === undefined))
    return { playerId: null, token: token ?? null };
  if (token !== undefined && join.role === 'player') return known(room, owner, token);
  if (name === undefined || nonce === undefined) return failure('invalid_payload', 'name and nonce');
  const player = await enter(deps, room, name, nonce);
  if ('err' in player || join.role !== 'host') return player;
  return { ...player, token: token ?? null };
}

function known(room: Room, owner: string | null, token: string): Who | Failure {
  const id = PlayerId.safeParse(owner);
  const player = id.success ? room.players.get(id.data) : undefined;
  return player === undefined || player.gone !== null ? failure('bad_token') : { playerId: player.id, token };
}

async function enter(deps: LiveDeps, room: Room, name: string, nonce: string): Promise<Who | Failure> {
  const fresh = PlayerId.parse(ulids());
  const token = tokenFrom(room, nonce);
  const command = {
    type: 'joinPlayer',
    playerId: fresh,
    name,
    looks: looksOf(name),
    nonceHash: sha256(`nonce:${nonce}`, 'hex'),
  } as const;
  const context = requestContext(deps.telemetry.tracer, { secrets: { [secretHash(token)]: fresh } });
  const handled = await deps.rooms.handle(room.room, command, context);
  if (handled.status === 'rejected') return refusal(handled);
  const playerId = handled.status === 'dup' ? PlayerId.parse(handled.note) : fresh;
  const { state } = handled.folded;
  const player = state.phase === 'none' ? undefined : state.players.get(playerId);
  if (player === undefined || player.gone !== null)
    return failure('forbidden', 'this player has left; join anew');
  return { playerId, token };
}

/**
 * Between the pull and the sending of the reply nothing waits, so no event falls between the reply and what
 * follows it.
 */
async function admit(deps: LiveDeps, joining: Joining, hub: Hub, { playerId, token }: Who): Promise<Joined> {
  const { join, socket, id } = joining;
  if (!(await hub.catchUp())) return refused(failure('room_not_found'));
  const { state } = hub.follower.folded();
  if (state.phase === 'none') return refused(failure('room_not_found'));
  const history = hub.follower.history();
  const recovered = join.epoch === state.epoch && join.s !== undefined && history.reaches(join.s, join.role);
  const s = recovered && join.s !== undefined ? join.s : history.head();
  const member: Member = { socket, role: join.role, playerId, s };
  hub.admit(member);
  const ok: Ok<'join'> = {
    role: join.role,
    playerId,
    token,
    epoch: state.epoch,
    s,
    recovered,
    state: recovered ? null : personalState(hub, state, member),
    you: playerId === null ? null : youOf(state, hub.follower.result(), playerId),
    serverTime: deps.serverTime(),
    limits: { frameBytes: limits.frameBytesMax, messagesPerSecond: limits.messagesPerSecond },
  };
  return { reply: success(ok), session: { room: state.room, hub, member, id } };
}

export function personalState(
  hub: Hub,
  room: Room,
  { playerId, role }: Pick<Member, 'playerId' | 'role'>,
): RoomState {
  const { follower } = hub;
  const view = withMyself(stateView(room, follower.result(), role), room, playerId);
  const mine = playerId === null || view.question === null ? undefined : follower.answers().get(playerId);
  const you = playerId === null ? null : youOf(room, follower.result(), playerId);
  return { ...view, you, yourAnswer: mine ?? null, eligible: mayAnswer(room, playerId) };
}

/** In a crowd a player still finds the own name. */
function withMyself(view: PublicState, { players }: Room, playerId: PlayerId | null): PublicState {
  const me = playerId === null ? undefined : players.get(playerId);
  if (me?.unnamed !== true || me.gone !== null || view.players.some((one) => one.playerId === playerId)) {
    return view;
  }
  return { ...view, players: [...view.players, { playerId: me.id, name: me.name }] };
}

/**
 * Whether this player may answer the question that is asked now; a player who came later plays from the next
 * one.
 */
function mayAnswer(room: Room, playerId: PlayerId | null): boolean {
  const question = questionOf(room);
  if (question === null || playerId === null) return playerId !== null;
  const player = room.players.get(playerId);
  return player !== undefined && isEligible(player, question);
}
