// The key that a client gives to one request, so that it may send it again when the reply was lost. What is
// kept of it are digests: how long they are does not depend on the client, and a secret may be among them.

import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { keys } from '../../core/effect-names.ts';
import { canonical } from '../../core/verify.ts';
import type { Intent } from '../../streams/engine.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** `content`: all that the request asks for, without the key. */
export function intentOf(key: string, content: unknown): Intent {
  return { key: keys.intent(digest(key)), content: digest(canonical(content)) };
}

/** By HTTP (draft-ietf-httpapi-idempotency-key-header): a string in quotes, which some leave out. */
export const idempotencyKey = (c: Context): string | undefined =>
  c.req.header('idempotency-key')?.replace(/^"(.*)"$/, '$1');
