// Makes a room: its code, its host's token, its first event. Code and token are computed from the client's
// nonce and a secret of the store. So a client that lost the reply sends the same request again, to any
// server, and gets the same room. Without a nonce each request makes another room.

import { createHmac, randomBytes } from 'node:crypto';
import { ulid } from 'ulid';
import type { Game } from '../../core/game.ts';
import { Epoch, RoomCode, roomCodeAlphabet } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import type { Pace, Settings } from '../../core/settings.ts';
import { Fault } from '../../streams/engine.ts';
import type { CommandHandler, Tracer } from '../../streams/parts.ts';
import { intentOf } from '../http/intent-of.ts';
import { secretHash } from '../live/join.ts';
import { requestContext } from '../live/session.ts';
import type { Unentered } from './unentered.ts';

const triesMax = 20;

/** A code out of 256 bits. They are so many more than a code needs that all codes are equally likely. */
function codeFrom(bits: Buffer): RoomCode {
  let rest = BigInt(`0x${bits.toString('hex')}`);
  const letters = Array.from({ length: limits.roomCodeChars }, () => {
    const letter = roomCodeAlphabet[Number(rest % BigInt(roomCodeAlphabet.length))];
    rest /= BigInt(roomCodeAlphabet.length);
    return letter;
  });
  return RoomCode.parse(letters.join(''));
}

interface RoomDeps {
  readonly rooms: CommandHandler<Game>;
  readonly tracer: Tracer;
  readonly pepper: () => Promise<string>;
  /** Says for how many ms there is no place for another room; 0 where there is one. */
  readonly unentered: Pick<Unentered, 'expect'>;
}

/**
 * A room, or why there is none: the nonce came before with another wish, or too many rooms wait for players.
 */
export type Created =
  | { readonly room: RoomCode; readonly hostToken: string }
  | { readonly refused: 'key_reused' }
  | { readonly refused: 'rate_limited'; readonly waitMs: number };

export interface RoomWish {
  readonly settings: Settings;
  readonly pace: Pace;
  readonly trial?: boolean;
}

/**
 * `sent`: the client's nonce, and all that it asked for with it.
 * @throws Fault `unavailable`, or `no_free_code` when chance will not find one.
 */
export async function createRoom(
  { rooms, tracer, pepper, unentered }: RoomDeps,
  { settings, pace, trial }: RoomWish,
  sent: { readonly nonce: string; readonly content: unknown } | null = null,
): Promise<Created> {
  const salt = await pepper();
  const seed = sent?.nonce ?? randomBytes(32).toString('base64url');
  const from = (what: string) => createHmac('sha256', salt).update(`${what}:${seed}`).digest();
  const hostToken = from('host').subarray(0, 16).toString('base64url');
  const secrets = { [secretHash(hostToken)]: 'host' };
  const intent = sent === null ? null : intentOf(sent.nonce, sent.content);
  const context = { secrets, ...(intent === null ? {} : { intent }) };
  for (let tries = 0; tries < triesMax; tries++) {
    const room = codeFrom(from(`room ${tries}`));
    const { state } = await rooms.load(room);
    const waitMs = state.phase === 'none' ? await unentered.expect(room) : 0;
    if (waitMs > 0) return { refused: 'rate_limited', waitMs };
    const epoch = Epoch.parse(ulid());
    const command = { type: 'createRoom', epoch, settings, pace, ...(trial ? { trial } : {}) } as const;
    const handled = await rooms.handle(room, command, requestContext(tracer, context));
    // `dup`: the room is there already. It is ours if it was made for the same intent; else the code is
    // taken.
    const ours = handled.status === 'dup' && handled.note === intent?.content;
    if (handled.status === 'done' || ours) return { room, hostToken };
    if (handled.status === 'rejected' && handled.code === 'key_reused') return { refused: 'key_reused' };
  }
  throw new Fault('no_free_code', `no free room code in ${triesMax} tries`, { retryable: true });
}
