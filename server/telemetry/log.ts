// The structured log of a process: one JSON line per entry on stderr; stdout is for people. Each line names
// the span that it was written in. Secrets stay out of it by four rules. No request is logged whole. Of an
// error only the fields listed here are logged. Fields with the names of secrets are struck out. Every
// configured secret is struck out wherever it stands in a line.

import pino, { type DestinationStream, type Logger } from 'pino';
import { limits } from '../../core/limits.ts';
import { traceIdOf } from '../../streams/parts.ts';
import { passwordsIn } from '../config/configured-secrets.ts';
import { contextHere } from './tracer.ts';

export interface LogOptions {
  readonly level: string;
  /** Texts that are struck out of every line. */
  readonly secrets: readonly string[];
}

const names = ['token', 'nonce', 'hostToken', 'password', 'authorization', 'openaiApiKey'];
const redact = names.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

// A shorter secret may be part of any word, and guards nothing.
const secretCharsMin = 4;

/** `store`: the address of this process's Valkey. Its password is struck out, too. */
export function createLog({ level, secrets }: LogOptions, store: string, to = stderr()): Logger {
  const all = [...secrets, ...passwordsIn(store)].filter(({ length }) => length >= secretCharsMin);
  const secret = [...new Set(all.flatMap(spellings))];
  const strike = (text: string) => secret.reduce((rest, one) => rest.replaceAll(one, '***'), text);
  const shortened = (entry: object) => shortenedBy(strike, entry);
  const options = {
    level,
    redact,
    base: { pid: process.pid },
    mixin: spanHere,
    // Where an entry names a trace itself, the span that it was written in replaces it.
    mixinMergeStrategy: (entry: object, here: object) => ({ ...entry, ...here }),
    serializers: { err: (error: Error) => shortened(fieldsOf(error)) },
    formatters: { log: shortened },
    hooks: { streamWrite: strike },
  };
  return pino(options, to);
}

const stderr = (): DestinationStream => pino.destination({ fd: 2, sync: true });

/** A secret as it is, and as JSON writes it. */
const spellings = (secret: string): string[] => [secret, JSON.stringify(secret).slice(1, -1)];

function spanHere(): object {
  const here = contextHere();
  return here === null ? {} : { trace_id: traceIdOf(here), span_id: here.split('-')[2] };
}

/**
 * Other fields are left out: a driver's error has its command with all arguments, an HTTP error all headers.
 */
function fieldsOf(error: Error): object {
  const { type, message, stack } = pino.stdSerializers.err(error);
  return { type, message, stack, ...('code' in error ? { code: error.code } : {}) };
}

/**
 * Messages of others may be long, such as a page of HTML. Secrets are struck before the cut, so none is
 * halved.
 */
function shortenedBy(strike: (text: string) => string, entry: object): Record<string, unknown> {
  const max = limits.logCharsMax;
  const cut = (value: unknown): unknown => {
    if (typeof value !== 'string' || value.length <= max) return value;
    const text = strike(value);
    return `${text.slice(0, max)}… and ${text.length - max} more`;
  };
  return Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, cut(value)]));
}
