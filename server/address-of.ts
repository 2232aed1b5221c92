// Whom limits count, and whom the operator's desk lets in: for the desk no header counts.

import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/** The address that a request comes from, by its socket; empty where there is none, as in tests. */
export function addressOf(c: Context): string {
  try {
    return getConnInfo(c).remote.address ?? '';
  } catch {
    return '';
  }
}

/**
 * Whom limits count. Behind whoever ends TLS that is the one that it speaks for, else all people were one;
 * what stands before the last name anybody may have written.
 */
export function clientAddressOf(c: Context, { behindTls }: { readonly behindTls: boolean }): string {
  const named = behindTls ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : '';
  return named || addressOf(c);
}
