// Who may open the operator's desk: a request with the token, or, where no token is set, one from this
// machine. A request from this machine may still come from elsewhere: through a proxy, or from a page of
// another site in a browser here. Both are refused. Some proxies add no header; PUBLIC_URL shows then that
// there is one.

import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { addressOf } from '../http/address-of.ts';
import type { Complain } from '../http/complaints.ts';
import { wrongToken } from './wrong-token.ts';

export interface OpsRequest {
  /** Of the socket, not of any header. */
  readonly address: string;
  readonly header: (name: string) => string | undefined;
}

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const localHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
const forwarded = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'] as const;

export interface OpsAccess {
  readonly complain: Complain;
  readonly token: string | null;
  /** PUBLIC_URL shows that people come through a proxy. */
  readonly proxied: boolean;
}

/** Why a request is refused, or null; the log is told, too. */
export function refusalAt(c: Context, access: OpsAccess): string | null {
  const address = addressOf(c);
  const why = whyRefused({ address, header: (name) => c.req.header(name) }, access);
  // A connection that is closed has no address: the client did not wait for the reply.
  if (why !== null && address !== '') {
    const seen = { address, host: c.req.header('host'), origin: c.req.header('origin') ?? null };
    access.complain('operator', `the desk or the measurements were refused: ${why}`, seen);
  }
  return why;
}

/** Why a request is refused, or null. */
export function whyRefused(
  { address, header }: OpsRequest,
  { token, proxied }: Omit<OpsAccess, 'complain'>,
): string | null {
  if (token !== null) {
    const given = /^Bearer (.+)$/.exec(header('authorization') ?? '')?.[1] ?? '';
    return sameSecret(given, token) ? null : wrongToken;
  }
  if (!loopback.has(address)) return 'Without ARENA_OPS_TOKEN only this machine may look.';
  if (proxied) return 'PUBLIC_URL leads through a proxy; set ARENA_OPS_TOKEN to look here.';
  if (forwarded.some((name) => header(name) !== undefined))
    return 'Without ARENA_OPS_TOKEN no proxy may ask.';
  // DNS rebinding: another site lets a name of its own point to this machine.
  if (!localHosts.has(hostOf(header('host') ?? ''))) return 'Ask for localhost by its own name.';
  const origin = header('origin');
  if (origin !== undefined && origin !== `http://${header('host')}`) return 'Another site may not ask.';
  return null;
}

const hostOf = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

function sameSecret(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
