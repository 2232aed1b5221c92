import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { lanUrl } from '../../../server/cli/up/lan-url.ts';

const info = (address: string, family: 'IPv4' | 'IPv6', internal: boolean) =>
  ({ address, family, internal, netmask: '', mac: '', cidr: null, scopeid: 0 }) as NetworkInterfaceInfo;
const interfaces = {
  lo: [info('127.0.0.1', 'IPv4', true)],
  eth0: [info('fe80::1', 'IPv6', false), info('192.168.1.7', 'IPv4', false)],
};

test('phones are told the address of this machine in its network, if they can reach it there', () => {
  expect(lanUrl({ host: '0.0.0.0', port: 8000 }, interfaces)).toBe('http://192.168.1.7:8000');
  expect(lanUrl({ host: '127.0.0.1', port: 8000 }, interfaces)).toBeNull();
  expect(lanUrl({ host: '0.0.0.0', port: 0 }, interfaces)).toBeNull();
  expect(lanUrl({ host: '0.0.0.0', port: 8000 }, { lo: interfaces.lo })).toBeNull();
});
