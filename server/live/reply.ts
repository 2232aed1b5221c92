// What a request comes to: exactly one reply, `ok` or an error of the catalogue.

import type { z } from 'zod';
import { type ErrorCode, errorKinds } from '../../core/errors.ts';
import type { Game } from '../../core/game.ts';
import type { Ok, Refusal } from '../../core/messages.ts';
import type { Handled } from '../../streams/engine.ts';

export interface Failure {
  readonly err: Refusal;
}

/** A refusal with the catalogue's words; over HTTP it is the body. */
export function failure(code: ErrorCode, detail?: string | null, retryAfterMs?: number): Failure {
  const { message, retry } = errorKinds[code];
  const text = detail ? `${message} (${detail})` : message;
  return { err: { code, message: text, retry, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } };
}

/** The same of a command that was refused, with which of several reasons it was. */
export function refusal({ code, detail, reason }: Extract<Handled<Game>, { status: 'rejected' }>): Failure {
  const { err } = failure(code, detail);
  return { err: { ...err, ...(reason === undefined ? {} : { reason }) } };
}

/** Path and reason of the first thing that is wrong, as the detail of an `invalid_payload`. */
export function firstIssue({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? 'wrong shape' : `/${issue.path.join('/')}: ${issue.message}`;
}

export const success = <O extends Ok>(ok: O) => ({ ok });

/** A command's outcome as a reply: whatever was done before is as good as done now. */
export function replyTo<O extends Ok>(handled: Handled<Game>, ok: () => O): { readonly ok: O } | Failure {
  return handled.status === 'rejected' ? refusal(handled) : success(ok());
}
