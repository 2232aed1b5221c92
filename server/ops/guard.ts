// Who may look behind the scenes: whoever has the token, or, where none is set, whoever sits at this machine.
// A page of another site that a browser here shows, and a proxy that speaks for others, are neither. Not
// every proxy says that it is one; that there is one shows in the address that people are given.

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

export interface OpsDoor {
  readonly complain: Complain;
  readonly token: string | null;
  /** People come through a proxy on this machine or elsewhere. */
  readonly proxied: boolean;
}

/** Why a request is refused, or null; the log is told, too. */
export function refusalAt(c: Context, door: OpsDoor): string | null {
  const address = addressOf(c);
  const why = whyRefused({ address, header: (name) => c.req.header(name) }, door);
  // A line that is gone has no address any more: whoever asked did not wait.
  if (why !== null && address !== '') {
    const seen = { address, host: c.req.header('host'), origin: c.req.header('origin') ?? null };
    door.complain('operator', `the desk or the measurements were refused to somebody: ${why}`, seen);
  }
  return why;
}

/** Why a request is refused, or null. */
export function whyRefused(
  { address, header }: OpsRequest,
  { token, proxied }: Omit<OpsDoor, 'complain'>,
): string | null {
  if (token !== null) {
    const given = /^Bearer (.+)$/.exec(header('authorization') ?? '')?.[1] ?? '';
    return sameSecret(given, token) ? null : wrongToken;
  }
  if (!loopback.has(address)) return 'Without ARENA_OPS_TOKEN only this machine may look.';
  if (proxied) return 'PUBLIC_URL leads through a proxy; set ARENA_OPS_TOKEN to look here.';
  if (forwarded.some((name) => header(name) !== undefined))
    return 'Without ARENA_OPS_TOKEN no proxy may ask.';
  // A name that points to this machine is a trick of some other site.
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
