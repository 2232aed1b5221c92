// The body of a request, read no further than it may go: one that comes in pieces does not say how long it
// will be, and whoever reads it to its end holds all of it in memory.

import type { Context } from 'hono';
import { limits } from '../../core/limits.ts';

/** The client broke off, or what it sent is no body: nobody waits for a reply, and it is no fault of ours. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/**
 * Null when it is longer than a frame may be; the rest of it is not read.
 * @throws ClientGone when it does not come to its end.
 */
export async function bodyText(c: Context): Promise<string | null> {
  if (Number(c.req.header('content-length') ?? 0) > limits.frameBytesMax) return null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of c.req.raw.body ?? []) {
      bytes += chunk.length;
      if (bytes > limits.frameBytesMax) return null;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new ClientGone('the body broke off', { cause });
  }
  return Buffer.concat(chunks).toString();
}
