// Whom limits count, and whom the operator's desk lets in: for the desk no header counts.

import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import type { Complain } from './complaints.ts';

/** The address that a request comes from, by its socket; empty where there is none, as in tests. */
export function addressOf(c: Context): string {
  try {
    return getConnInfo(c).remote.address ?? '';
  } catch {
    return '';
  }
}

/** Proxies whose word for whom they speak is taken. */
export interface Proxies {
  trusts(address: string): boolean;
  /** Named by the operator one by one, so that behind one of them may stand another. */
  isNamed(address: string): boolean;
}

// Where a proxy usually is: on this machine, or beside it in a private network.
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

interface Named {
  readonly trustedProxies: readonly string[] | null;
  /** There is a proxy, as the address shows that people are given. */
  readonly proxied: boolean;
}

/** Addresses and networks; where none are named, those nearby, if there is a proxy at all. */
export function proxiesOf({ trustedProxies, proxied }: Named): Proxies {
  const listed = listOf(trustedProxies ?? []);
  const trusted = trustedProxies === null && proxied ? listOf(nearby) : listed;
  return { trusts: holds(trusted), isNamed: holds(listed) };
}

function listOf(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** Whether a text is an address, or a network as 10.0.0.0/8. */
export function isNetwork(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  if (isIPv4(address)) return bits === undefined || Number(bits) <= 32;
  return isIPv6(address) && !address.includes('%') && (bits === undefined || Number(bits) <= 128);
}

function holds(list: BlockList): (address: string) => boolean {
  return (given) => {
    const address = plain(given);
    if (isIPv4(address)) return list.check(address, 'ipv4');
    return isIPv6(address) && list.check(address, 'ipv6');
  };
}

/** Without the zone of a link, and an IPv4 address that came by IPv6 as what it is. */
const plain = (address: string): string =>
  address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

export interface Knocking {
  readonly proxies: Proxies;
  readonly complain: Complain;
}

/**
 * Whom limits count. Behind a proxy that is trusted that is the one that it speaks for, else all people were
 * one: the last address that is no proxy's. What stands before it may come from the client.
 */
export function clientAddressOf(c: Context, { proxies, complain }: Knocking): string {
  const peer = addressOf(c);
  const forwarded = c.req.header('x-forwarded-for');
  if (forwarded === undefined) return countedAs(peer);
  if (peer === '') return '';
  if (!proxies.trusts(peer)) {
    complain(
      'forwarded',
      'X-Forwarded-For is not believed, so all whom this proxy speaks for count as one: set PUBLIC_URL to what people type, or TRUSTED_PROXIES to the address of the proxy',
      { from: peer },
    );
    return countedAs(peer);
  }
  const hops = forwarded.split(',').map((hop) => hop.trim());
  return countedAs(hops.findLast((hop) => !proxies.isNamed(hop)) || peer);
}

// What a proxy writes may be no address at all.
const addressCharsMax = 64;

/** One household has a whole network of 64 bits in IPv6, so all of it counts as one. */
export function countedAs(given: string): string {
  const address = plain(given);
  if (!isIPv6(address)) return address.slice(0, addressCharsMax);
  const [head = '', tail] = address.split('::');
  const before = head.split(':').filter((part) => part !== '');
  const after = (tail ?? '').split(':').filter((part) => part !== '');
  const gap = tail === undefined ? 0 : 8 - before.length - after.length;
  const all = [...before, ...Array.from({ length: Math.max(0, gap) }, () => '0'), ...after];
  return `${all
    .slice(0, 4)
    .map((part) => Number.parseInt(part, 16).toString(16))
    .join(':')}::/64`;
}
