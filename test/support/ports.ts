// Ports for tests that run side by side, below those that the system gives to connections: between looking
// and listening no client's own end can take one of these.

import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const from = 10_000;
const to = 32_000;

export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(from, to);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer().once('error', () => resolve(false));
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  return promise;
}
