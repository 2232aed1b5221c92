// The body of a request, read up to a limit. A body that is sent in chunks does not say its length in
// advance, so reading it to its end would let any client fill our memory.

import type { Context } from 'hono';
import { limits } from '../../core/limits.ts';

/** The client broke off, or sent no valid body. It does not wait for a reply, and this is no bug of ours. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/**
 * The body as text. Null when it is longer than `limits.frameBytesMax`; the rest is not read then.
 * @throws ClientGone when the body breaks off.
 */
export async function bodyText(c: Context): Promise<string | null> {
  if (Number(c.req.header('content-length') ?? 0) > limits.frameBytesMax) return null;
  // One array: thousands of pieces of a byte each would be kept as thousands of objects.
  const body = Buffer.allocUnsafe(limits.frameBytesMax);
  let bytes = 0;
  try {
    for await (const chunk of c.req.raw.body ?? []) {
      if (bytes + chunk.length > limits.frameBytesMax) return null;
      body.set(chunk, bytes);
      bytes += chunk.length;
    }
  } catch (cause) {
    throw new ClientGone('the body broke off', { cause });
  }
  return body.toString('utf8', 0, bytes);
}
