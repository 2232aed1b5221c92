// Connections that ask for nothing, or never come to an end: each is gone within its time, whatever it sends
// meanwhile; there are only so many, and a proxy that is trusted has no share.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits.ts';
import { proxiesOf } from '../../../server/http/address-of.ts';
import { guardConnections } from '../../../server/http/connections.ts';
import { type Serving, startServing } from '../../support/serving.ts';
import { openRaw, upgradeTo } from '../../support/sockets.ts';

let arena: Serving;
let port: number;
let page: string;

beforeAll(async () => {
  arena = await startServing();
  port = arena.config.http.port;
  const { room } = await arena.makeRoom();
  page = `/api/rooms/${room}`;
});
afterAll(() => arena.stop());

const { headersWithinMs, requestWithinMs, requestsLookedAtMs, keepAliveMs, lingerMs } = limits;
const post = 'POST /api/rooms HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\n';
const http = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;

interface Row {
  readonly what: string;
  readonly first?: string;
  /** Sent again and again, every half second. */
  readonly drip?: string;
  readonly withinMs: number;
  readonly hears?: string;
}

const rows = (): Row[] => [
  { what: 'says nothing', withinMs: headersWithinMs },
  { what: 'says half of a head', first: 'GET / HTTP/1.1\r\nHost: x\r\n', withinMs: headersWithinMs },
  { what: 'never ends its head', first: 'GET / HTTP/1.1\r\n', drip: 'X-a: b\r\n', withinMs: headersWithinMs },
  { what: 'sends no body', first: post, withinMs: requestWithinMs },
  { what: 'sends its body byte by byte', first: post, drip: ' ', withinMs: requestWithinMs },
  {
    what: 'sends a piece of a body at a time',
    first: 'POST /api/rooms HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n',
    drip: '1\r\n \r\n',
    withinMs: requestWithinMs,
  },
  { what: 'rests after its reply', first: http(page), withinMs: keepAliveMs + 1_500, hears: '200 OK' },
  {
    what: 'wants another protocol, and rests',
    first: http(page, 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n'),
    withinMs: keepAliveMs + 1_500,
    hears: '200 OK',
  },
  {
    what: 'is refused a WebSocket, and goes on',
    first: upgradeTo('/ws', ['Origin: https://evil.example']),
    drip: 'x',
    withinMs: lingerMs,
    hears: '403 Forbidden',
  },
  { what: 'opens a WebSocket where is none', first: upgradeTo('/'), drip: 'x', withinMs: lingerMs },
  {
    what: 'opens a WebSocket, joins no room and answers no close',
    first: upgradeTo('/ws'),
    withinMs: limits.joinWithinMs + limits.closeWithinMs,
    hears: '101 Switching',
  },
  {
    what: 'opens a WebSocket and begins a frame without end',
    first: `${upgradeTo('/ws')}\x81\xfe\x10\x00abcd`,
    drip: 'x',
    withinMs: limits.joinWithinMs + limits.closeWithinMs,
    hears: '101 Switching',
  },
];

// All at once: each waits for its own time.
test('a line that wants nothing of us, or never ends, is gone within its time', async () => {
  const seen = await Promise.all(
    rows().map(async ({ what, first, drip, withinMs, hears = '' }) => {
      const line = await openRaw(port, first);
      const dripping = setInterval(() => line.socket.write(drip ?? '', 'latin1'), 500);
      const ms = await line.gone;
      clearInterval(dripping);
      return {
        what,
        late: ms > withinMs + requestsLookedAtMs + 2_000 ? Math.round(ms) : false,
        hears: line.heard().includes(hears),
      };
    }),
  );
  expect(seen).toEqual(rows().map(({ what }) => ({ what, late: false, hears: true })));
}, 40_000);

describe('with a limit of five connections, three of one address', () => {
  const max = { connectionsMax: 5, connectionsPerAddress: 3, silentLineMs: 60_000, lingerMs: 1_000 };
  const told: string[] = [];

  async function guarded(trustedProxies: readonly string[] | null): Promise<{ server: Server; at: number }> {
    const server = createServer((_request, reply) => reply.end('here'));
    const proxies = proxiesOf({ trustedProxies, proxied: false });
    guardConnections(server, { proxies, complain: (kind) => told.push(kind), max });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    return { server, at: (server.address() as AddressInfo).port };
  }
  const stands = async (at: number) => {
    const line = await openRaw(at, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await Promise.race([line.gone, new Promise((resolve) => line.socket.once('data', resolve))]);
    return { line, here: line.heard().includes('here') };
  };

  test.each([
    [null, [true, true, true, false, false, false]],
    [['127.0.0.1'], [true, true, true, true, true, false]],
  ] as const)('trusting %j, of six of one address so many are let in: %j', async (trusted, expected) => {
    told.length = 0;
    const { server, at } = await guarded(trusted);
    const lines = [];
    for (let n = 0; n < 6; n++) lines.push(await stands(at));
    expect(lines.map(({ here }) => here)).toEqual(expected);
    expect(told).toEqual(expected.filter((here) => !here).map(() => 'connections'));
    // Who goes makes room.
    const [first] = lines;
    first?.line.socket.destroy();
    await expect.poll(async () => (await stands(at)).here).toBe(true);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

test('a reply that is not taken is given up', async () => {
  const server = createServer((_request, reply) => reply.end(Buffer.alloc(100_000_000)));
  const max = { ...limits, silentLineMs: 300 };
  const proxies = proxiesOf({ trustedProxies: null, proxied: false });
  guardConnections(server, { proxies, complain: () => undefined, max });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const ended = new Promise((resolve) =>
    server.once('connection', (socket) => socket.once('close', resolve)),
  );
  const line = await openRaw((server.address() as AddressInfo).port, http('/'));
  line.socket.pause();
  await ended;
  line.socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

test('a request that we take long for is waited for', async () => {
  const { promise: worked, resolve: work } = Promise.withResolvers<void>();
  const server = createServer((_request, reply) => void worked.then(() => reply.end('done')));
  const proxies = proxiesOf({ trustedProxies: null, proxied: false });
  let silences = 0;
  server.prependListener('connection', (socket) => socket.on('timeout', () => ++silences === 3 && work()));
  guardConnections(server, { proxies, complain: () => undefined, max: { ...limits, silentLineMs: 100 } });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port: at } = server.address() as AddressInfo;
  expect(await (await fetch(`http://127.0.0.1:${at}`)).text()).toBe('done');
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
