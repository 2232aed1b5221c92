// Which address a request comes from. There are two answers:
// `addressOf` is the address of the socket. No client can choose it. The operator's desk decides by it.
// `clientAddress` also believes the X-Forwarded-For of a trusted proxy. Limits count by it.

import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import type { Complain } from './complaints.ts';
import { among, countedAs } from './ip-address.ts';

/** The address of the socket. Empty where there is no socket, as in tests. */
export function addressOf(c: Context): string {
  try {
    return getConnInfo(c).remote.address ?? '';
  } catch {
    return '';
  }
}

export interface Proxies {
  /** The X-Forwarded-For of this address is believed. */
  trusts(address: string): boolean;
  /** TRUSTED_PROXIES names this address, so it is a proxy also where it stands within X-Forwarded-For. */
  isNamed(address: string): boolean;
}

// Where a proxy usually runs: on this machine, or beside it in a private network.
const nearby = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '::1',
  'fc00::/7',
  'fe80::/10',
];

interface ProxySettings {
  /** TRUSTED_PROXIES: addresses and networks. Null where it is not set. */
  readonly trustedProxies: readonly string[] | null;
  /** PUBLIC_URL shows that people come through a proxy. */
  readonly proxied: boolean;
}

/** Trusts the proxies that are named. Where none are named but there is a proxy, it trusts those nearby. */
export function proxiesOf({ trustedProxies, proxied }: ProxySettings): Proxies {
  const isNamed = among(trustedProxies ?? []);
  return { isNamed, trusts: trustedProxies === null && proxied ? among(nearby) : isNamed };
}

export interface Knocking {
  readonly proxies: Proxies;
  readonly complain: Complain;
}

/**
 * The address that limits count, from that of the socket and X-Forwarded-For. Without a trusted proxy it is
 * the address of the socket. Behind one, it is the last entry of X-Forwarded-For that is not itself a named
 * proxy: each proxy appends the address that it was called from. Earlier entries come from the client and may
 * be invented.
 */
export function clientAddress(
  peer: string,
  forwarded: string | undefined,
  { proxies, complain }: Knocking,
): string {
  if (forwarded === undefined) return countedAs(peer);
  if (peer === '') return '';
  if (!proxies.trusts(peer)) {
    complain(
      'forwarded',
      'X-Forwarded-For is not believed, so all clients of this proxy count as one: set PUBLIC_URL to what people type, or TRUSTED_PROXIES to the address of the proxy',
      { from: peer },
    );
    return countedAs(peer);
  }
  const entries = forwarded.split(',').map((entry) => entry.trim());
  return countedAs(entries.findLast((entry) => !proxies.isNamed(entry)) || peer);
}

/** The same of a request over HTTP. */
export const clientAddressOf = (c: Context, knocking: Knocking): string =>
  clientAddress(addressOf(c), c.req.header('x-forwarded-for'), knocking);
