// The structured log of a process, one JSON line per entry on stderr, so that stdout stays a person's. Tokens
// and keys never enter it: nobody logs a request whole, and the names under which secrets travel are struck
// out all the same.

import pino, { type Logger } from 'pino';

const secrets = ['token', 'nonce', 'hostToken', 'password', 'authorization', 'openaiApiKey'];
const redact = secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export function createLog({ level }: { level: string }): Logger {
  return pino({ level, redact, base: { pid: process.pid } }, pino.destination({ fd: 2, sync: true }));
}
