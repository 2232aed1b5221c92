// What `arena up` says on the terminal, and when.

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { announceIfReady, announceWhenReady } from '../../../server/cli/up/announce.ts';
import { readConfig } from '../../../server/config/config.ts';

const said: string[] = [];
vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
  said.length = 0;
});

async function serverThat(listener: RequestListener) {
  const server = createServer(listener).listen(0);
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return readConfig({ PORT: String(port) }).http;
}

test('a server that is ready is said to be, with where to find it', async () => {
  const http = await serverThat((_request, reply) => reply.end());
  expect(await announceIfReady(http, 'http://192.0.2.7:8000')).toBe(true);
  expect(said.join('')).toContain(`ready: ${http.publicUrl}`);
  expect(said.join('')).toContain('http://192.0.2.7:8000');
});

test.each<[string, RequestListener]>([
  ['says that it is not ready', (_request, reply) => reply.writeHead(503).end()],
  ['does not answer', () => undefined],
  ['hangs up', (request) => request.socket.destroy()],
])('nothing is said of a server that %s, and nobody waits for it', async (_what, listener) => {
  expect(await announceIfReady(await serverThat(listener), null)).toBe(false);
  expect(said).toEqual([]);
});

test('it is said once, as soon as it is so', async () => {
  let looks = 0;
  const http = await serverThat((_request, reply) => reply.writeHead(++looks < 3 ? 503 : 200).end());
  await announceWhenReady(http, null, AbortSignal.timeout(5_000));
  expect(looks).toBe(3);
  expect(said.filter((text) => text.includes('is ready'))).toHaveLength(1);
});
