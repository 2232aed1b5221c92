// IP addresses and networks as texts: what the setting TRUSTED_PROXIES may name, whether an address is among
// those named, and as what limits count an address.

import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Whether a text is an IP address, such as 10.0.0.7, or a network, such as 10.0.0.0/8. */
export function isNetwork(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  if (isIPv4(address)) return bits === undefined || Number(bits) <= 32;
  return isIPv6(address) && !address.includes('%') && (bits === undefined || Number(bits) <= 128);
}

/** Tells whether an address is among these addresses and networks. A text that is no address is not. */
export function among(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (given) => {
    const address = plain(given);
    if (isIPv4(address)) return list.check(address, 'ipv4');
    return isIPv6(address) && list.check(address, 'ipv6');
  };
}

/** Without a zone, as in `fe80::1%eth0`; an IPv4 address written as IPv6, `::ffff:10.0.0.7`, becomes IPv4. */
const plain = (address: string): string =>
  address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

// A proxy may write something that is no address.
const addressCharsMax = 64;

/**
 * As what limits count an address. One household has a whole /64 network of IPv6 addresses, so limits count
 * the network: `2001:db8:1:2::7` gives `2001:db8:1:2::/64`. An IPv4 address stands for itself.
 */
export function countedAs(given: string): string {
  const address = plain(given);
  if (!isIPv6(address)) return address.slice(0, addressCharsMax);
  const network = groupsOf(address).slice(0, 4);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** The groups of an IPv6 address, with the zeros that `::` leaves out. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const before = head.split(':').filter((group) => group !== '');
  const after = (tail ?? '').split(':').filter((group) => group !== '');
  const leftOut = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array.from({ length: Math.max(0, leftOut) }, () => '0'), ...after];
}
