// The catalogue of everything that can be refused, with the words a client shows. `decide` returns these as
// values; `server` alone turns them into replies, HTTP statuses and close codes.

import { limits } from './limits.ts';

/** `retry`: the same request may succeed later as it is. */
export interface ErrorKind {
  readonly message: string;
  readonly retry: boolean;
}

export const errorKinds = {
  invalid_json: { message: 'This is not a JSON object.', retry: false },
  invalid_payload: { message: 'A field is missing or wrong.', retry: false },
  unknown_type: { message: 'There is no such request.', retry: false },
  invalid_round_id: { message: 'There is no such round in this game.', retry: false },
  round_not_active: { message: 'This round does not take answers now.', retry: false },
  not_joined: { message: 'Join a room first.', retry: false },
  already_joined: { message: 'This connection has already joined a room.', retry: false },
  room_not_found: { message: 'There is no room with this code.', retry: false },
  game_not_found: { message: 'There is no such game, or it was forgotten.', retry: false },
  room_full: { message: 'This room is full.', retry: false },
  room_locked: { message: 'The host has locked this room.', retry: false },
  name_taken: { message: 'Somebody here already has this name.', retry: false },
  name_invalid: { message: 'This name cannot be used here.', retry: false },
  already_answered: { message: 'Your first answer counts.', retry: false },
  too_late: { message: 'The round had closed when this answer arrived.', retry: false },
  forbidden: { message: 'Your role may not do this now.', retry: false },
  bad_token: { message: 'This token is not valid in this room.', retry: false },
  rate_limited: { message: 'Too many requests; wait a moment.', retry: true },
  key_reused: { message: 'This key was sent before, with another request.', retry: false },
  payload_too_large: {
    message: `A frame has at most ${limits.frameBytesMax / 1_024} KiB.`,
    retry: false,
  },
  unavailable: { message: 'The game is out of reach for a moment; nothing is lost.', retry: true },
  internal: { message: 'Something went wrong on our side.', retry: true },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

/** A refusal as a value: the caller is told, and nothing retries it. */
export interface Rejection {
  readonly rejected: ErrorCode;
  readonly detail?: string;
  /** One of several reasons for the same code, for those who say it in words of their own. */
  readonly reason?: string;
}

export function reject(rejected: ErrorCode, detail?: string): Rejection {
  return detail === undefined ? { rejected } : { rejected, detail };
}

/** The compiler proves that a union is handled; at run time it means a bug, so the process stops. */
export function assertNever(value: never): never {
  throw new Error(`impossible value: ${JSON.stringify(value)}`);
}
