// What the server says, by the names that the page and the terminal have for it. The shapes are those of
// `core/messages.ts`, of which the types alone come in: no schema is in the page's bundle, nothing is refused
// here, and what a newer server says besides is passed over.

import type { Truth } from '../../../core/claim.ts';
import type { ErrorCode } from '../../../core/errors.ts';
import type { Message, Ok, Refusal, ReplyFrame } from '../../../core/messages.ts';
import type { CloseReason, RequestInput, RequestType } from '../../../core/protocol.ts';

export type {
  Entry,
  MadeRoom,
  Member,
  Message,
  Question,
  Result,
  RoomState,
  Topics,
  You,
} from '../../../core/messages.ts';
export type { Settings } from '../../../core/settings.ts';
export type Answer = Truth;
export type JoinReply = Ok<'join'>;

/** What a connection ends with for good, beside the errors that refuse a join. */
export type FinalCode = 'closed' | Exclude<CloseReason, ComeBack>;
type ComeBack = 'restarting' | 'behind' | 'noHeartbeat' | 'noJoin' | 'tooManySockets';

/** What was refused, or why a connection was lost or ended: the server's codes and our own. */
export type Failure = Omit<Refusal, 'code'> & {
  readonly code: ErrorCode | FinalCode | 'restarting' | 'keptOut';
};

/** What goes with a request. */
export type Wish<T extends RequestType> = Readonly<NonNullable<RequestInput<T>>>;
export type Reply<T extends RequestType = RequestType> = { readonly ok: Ok<T> } | { readonly err: Failure };

/** A text frame from the server; it is trusted to speak the protocol that was agreed upon. */
export const read = (text: string): Message | ReplyFrame => JSON.parse(text);
