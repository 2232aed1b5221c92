// The body of a request, read no further than it may go: one that comes in pieces does not say how long it
// will be, and whoever reads it to its end holds all of it in memory.

import type { Context } from 'hono';
import { limits } from '../core/limits.ts';

/** Null when it is longer than a frame may be; the rest of it is not read. */
export async function bodyText(c: Context): Promise<string | null> {
  if (Number(c.req.header('content-length') ?? 0) > limits.frameBytesMax) return null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    bytes += chunk.length;
    if (bytes > limits.frameBytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
