// Idempotency keys: a client that lost a reply sends its request again under the same key, and it acts once.
// The store keeps digests of key and content. So a client cannot choose their length, and no secret is kept.

import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { keys } from '../../core/effect-names.ts';
import { canonical } from '../../core/verify.ts';
import type { Intent } from '../../streams/parts.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/**
 * `content`: all that the request asks for, without the key. A key that comes again with another is refused.
 */
export function intentOf(key: string, content: unknown): Intent {
  return { key: keys.intent(digest(key)), content: digest(canonical(content)) };
}

/**
 * The header Idempotency-Key (draft-ietf-httpapi-idempotency-key-header). Some clients leave out the quotes.
 */
export const idempotencyKey = (c: Context): string | undefined =>
  c.req.header('idempotency-key')?.replace(/^"(.*)"$/, '$1');
