// The structured log of a process, one JSON line per entry on stderr, so that stdout stays a person's. A
// line tells the span that it was written in. Secrets never enter it: nobody logs a request whole, of an
// error only the fields named here are told, names under which secrets travel are struck out, and so is,
// wherever it stands, every secret that is configured.

import pino, { type DestinationStream, type Logger } from 'pino';
import { limits } from '../../core/limits.ts';
import { traceIdOf } from '../../streams/engine.ts';
import { passwordsIn } from '../config/configured-secrets.ts';
import { contextHere } from './tracer.ts';

export interface LogOptions {
  readonly level: string;
  /** What must not stand in any line. */
  readonly secrets: readonly string[];
}

const names = ['token', 'nonce', 'hostToken', 'password', 'authorization', 'openaiApiKey'];
const redact = names.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

// A shorter one is a word that stands everywhere, and guards nothing.
const secretCharsMin = 4;

/** `store`: the address of the Valkey that this process speaks to; its password is struck out, too. */
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
    // An entry may tell the trace of what it is about; the span it was written in says more.
    mixinMergeStrategy: (entry: object, here: object) => ({ ...entry, ...here }),
    serializers: { err: (error: Error) => shortened(fieldsOf(error)) },
    formatters: { log: shortened },
    hooks: { streamWrite: strike },
  };
  return pino(options, to);
}

const stderr = (): DestinationStream => pino.destination({ fd: 2, sync: true });

/** As it is and as JSON writes it. */
const spellings = (secret: string): string[] => [secret, JSON.stringify(secret).slice(1, -1)];

function spanHere(): object {
  const here = contextHere();
  return here === null ? {} : { trace_id: traceIdOf(here), span_id: here.split('-')[2] };
}

/** A driver's error carries its command with all arguments, a client's its request with all headers. */
function fieldsOf(error: Error): object {
  const { type, message, stack } = pino.stdSerializers.err(error);
  return { type, message, stack, ...('code' in error ? { code: error.code } : {}) };
}

/** What others say may be a page of HTML, or a whole request. No cut leaves half of a secret. */
function shortenedBy(strike: (text: string) => string, entry: object): Record<string, unknown> {
  const max = limits.logCharsMax;
  const cut = (value: unknown): unknown => {
    if (typeof value !== 'string' || value.length <= max) return value;
    const text = strike(value);
    return `${text.slice(0, max)}… and ${text.length - max} more`;
  };
  return Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, cut(value)]));
}
