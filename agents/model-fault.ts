// What went wrong at a model, said in one safe line. Whatever a client or server throws becomes a
// `ModelFault` here: short, without markup, and without keys, since the line is kept in events.

import { limits } from '../core/limits.ts';
import { Fault } from '../streams/engine.ts';
import { ModelFault } from './model.ts';
import type { ErrorInSuccess } from './wire/server-error.ts';

/**
 * One line of at most `limits.originErrorCharsMax` characters; `secrets` and all that looks like one are left
 * out.
 */
export function safeLine(text: string, secrets: readonly string[] = []): string {
  let line = text;
  for (const secret of secrets) if (secret.length > 3) line = line.replaceAll(secret, '***');
  line = line
    .replace(/\/\/[^\s/@]+@/g, '//***@')
    .replace(/\b(?:sk|pk|key)-[\w*.-]{4,}/gi, '***')
    .replace(/\bBearer\s+\S+/gi, 'Bearer ***')
    .replace(/<(script|style)\b[\s\S]*?<\/\1>|<[^<>]{1,300}>/gi, ' ')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const { originErrorCharsMax } = limits;
  return line.length > originErrorCharsMax ? `${line.slice(0, originErrorCharsMax - 1)}…` : line;
}

/** Not the model's fault: the whole task is tried again. */
export function isOfTheStore(error: unknown): boolean {
  return error instanceof Fault && !(error instanceof ModelFault);
}

/** A status that is no success. Overload and server errors pass; a wrong key, model or request does not. */
export function httpFault(
  status: number,
  said: string,
  { retryAfterMs, secrets }: { retryAfterMs: number | null; secrets: readonly string[] },
): ModelFault {
  return new ModelFault('model_http', safeLine(`HTTP ${status}: ${said}`, secrets), {
    retryable: mayPass(status),
    retryAfterMs,
    said: { status, text: said },
  });
}

const mayPass = (status: number) => status === 408 || status === 429 || status >= 500;

/** An error that came with a success, as proxies send it that answer before they know. */
export function faultInSuccess({ said, status }: ErrorInSuccess, secrets: readonly string[]): ModelFault {
  return new ModelFault('model_http', safeLine(`an error in an HTTP 200: ${said}`, secrets), {
    // Without a status it may be anything.
    retryable: status === null || mayPass(status),
    said: { status: status ?? 400, text: said },
  });
}

/** A success without anything in it. */
export function noMessage(why = ''): ModelFault {
  const said = `the server answered with no message${why}`;
  return new ModelFault('model_lost', said, { retryable: true });
}

/** Anything else a client throws: a dropped body, a refused connection, a body that is not JSON. */
export function lostFault(error: unknown, secrets: readonly string[]): ModelFault {
  if (error instanceof ModelFault) return error;
  const causes = causesOf(error);
  const said = causes.map((cause) => cause.message || cause.name).filter((text) => text !== '');
  const refused = causes.some(
    (cause) => 'code' in cause && /ECONNREFUSED|ENOTFOUND/.test(String(cause.code)),
  );
  return new ModelFault('model_lost', safeLine([...new Set(said)].join(': '), secrets), {
    // No server listens there; a moment later none will.
    retryable: !refused,
    cause: error,
  });
}

/** How long a response asks to be left alone, in ms; null where it does not say. Dates are not looked at. */
export function retryAfterOf(headers: Headers): number | null {
  const ms = Number(headers.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(ms)) return Math.max(0, ms);
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1_000) : null;
}

/** The error and what caused it, at most five deep; a list of errors counts with each of its own. */
function causesOf(error: unknown, depth = 5): Error[] {
  if (depth === 0 || error === undefined || error === null) return [];
  if (!(error instanceof Error)) return [new Error(String(error))];
  const parts: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [error, ...[...parts, error.cause].flatMap((part) => causesOf(part, depth - 1))];
}
