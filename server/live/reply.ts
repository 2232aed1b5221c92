// What a request comes to: exactly one reply, `ok` or an error of the catalogue.

import { type ErrorCode, errorKinds } from '../../core/errors.ts';
import type { Handled } from '../../core/ports.ts';

export type Reply =
  | { readonly ok: Readonly<Record<string, unknown>> }
  | { readonly err: Readonly<{ code: ErrorCode; message: string; retry: boolean; retryAfterMs?: number }> };

export function failure(code: ErrorCode, detail?: string | null, retryAfterMs?: number): Reply {
  const { message, retry } = errorKinds[code];
  const text = detail ? `${message} (${detail})` : message;
  return { err: { code, message: text, retry, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } };
}

export const success = (ok: Readonly<Record<string, unknown>>): Reply => ({ ok });

/** A command's outcome as a reply: whatever was done before is as good as done now. */
export function replyTo(handled: Handled, ok: () => Readonly<Record<string, unknown>>): Reply {
  return handled.status === 'rejected' ? failure(handled.code, handled.detail) : success(ok());
}
