import type { Redis } from 'iovalkey';
import { expect, test } from 'vitest';
import { connectCluster } from '../../streams/valkey/cluster.ts';

test.each([
  ['redis://127.0.0.1', '127.0.0.1', 6379],
  ['redis://127.0.0.1:6401', '127.0.0.1', 6401],
  ['redis://user:pass@[::1]:6402', '::1', 6402],
])('a node of a cluster is found at %s', async (url, host, port) => {
  const { promise, resolve } = Promise.withResolvers<Redis>();
  const cluster = connectCluster([url], 'test');
  cluster.once('+node', resolve);
  const { options } = await promise;
  cluster.disconnect();
  expect([options.host, options.port]).toEqual([host, port]);
});
