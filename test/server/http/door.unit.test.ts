// The way in for WebSockets: who is let in, and that a socket keeps nothing of the request it came with.

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Writable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { limits } from '../../../core/limits.ts';
import { readConfig } from '../../../server/config/config.ts';
import { proxiesOf } from '../../../server/http/address-of.ts';
import { type Door, openDoor } from '../../../server/http/door.ts';
import { openRaw, upgradeTo } from '../../support/sockets.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let port = 0;
let requests: WeakRef<IncomingMessage>[] = [];
let accepted: { readonly ws: WebSocket; readonly address: string }[] = [];
let complaints: string[] = [];

beforeEach(async () => {
  [requests, accepted, complaints] = [[], [], []];
  const server = createServer();
  server.on('upgrade', (request: IncomingMessage) => requests.push(new WeakRef(request)));
  const { http } = readConfig({ PUBLIC_URL: 'https://quiz.example' });
  const door: Door = {
    http,
    proxies: proxiesOf({ ...http, trustedProxies: ['127.0.0.1'] }),
    complain: (kind) => void complaints.push(kind),
    accept: (ws, address) => void accepted.push({ ws, address }),
  };
  openDoor(server, door);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
  onTestFinished(() => {
    for (const { ws } of accepted) ws.terminate();
    server.closeAllConnections();
    server.close();
  });
});

describe('the door', () => {
  test.each([
    ['a program, which names no page', upgradeTo('/ws'), 101],
    ['a page of this server', upgradeTo('/ws/?from=1', ['Origin: https://quiz.example']), 101],
    ['a page of another site', upgradeTo('/ws', ['Origin: https://evil.example']), 403],
    ['one who asks for a socket elsewhere', upgradeTo('/'), 404],
    ['one who asks at a host that is none', upgradeTo('/ws').replace('localhost', '['), 400],
    ['one whose key is none', upgradeTo('/ws').replace(/Key: .*/, 'Key: x'), 400],
  ])('answers %s as it should', async (_who, head, status) => {
    const line = await openRaw(port, head);
    await once(line.socket, 'data');
    expect(line.heard()).toContain(`HTTP/1.1 ${status} `);
    expect(accepted).toHaveLength(status === 101 ? 1 : 0);
    expect(complaints.includes('origin')).toBe(status === 403);
    line.socket.destroy();
  });

  test('counts a client by what its proxy says', async () => {
    const line = await openRaw(port, upgradeTo('/ws', ['X-Forwarded-For: 198.51.100.4']));
    await once(line.socket, 'data');
    expect(accepted.map(({ address }) => address)).toEqual(['198.51.100.4']);
    line.socket.destroy();
  });

  // One byte of each piece, masked with zeros.
  const piece = (first: number) => Buffer.from([first, 0x81, 0, 0, 0, 0, 0x78]);
  const message = (pieces: number) =>
    Buffer.concat([piece(0x01), ...Array.from({ length: pieces - 2 }, () => piece(0x00)), piece(0x80)]);

  test('takes a message in so many pieces, and ends the connection with 1008 at one more', async () => {
    const line = await openRaw(port, upgradeTo('/ws'));
    await once(line.socket, 'data');
    const heard: string[] = [];
    accepted[0]?.ws.on('message', (data) => heard.push(String(data)));
    accepted[0]?.ws.on('error', () => undefined);
    line.socket.write(message(limits.framePiecesMax));
    await expect.poll(() => heard).toEqual(['x'.repeat(limits.framePiecesMax)]);
    line.socket.write(message(limits.framePiecesMax + 1));
    await line.gone;
    expect(heard).toHaveLength(1);
    expect(Buffer.from(line.heard(), 'latin1').readUInt16BE(line.heard().length - 2)).toBe(1008);
  });

  test('keeps no more than so many pieces of TCP of what is not yet whole', async () => {
    const line = await openRaw(port, upgradeTo('/ws'));
    await once(line.socket, 'data');
    const ws = accepted[0]?.ws as WebSocket;
    const problem = once(ws, 'error');
    // A frame of 60,000 bytes, of which so many come one by one; the receiver is handed each as TCP has it.
    const { _receiver: receiver } = ws as unknown as { _receiver: Writable };
    receiver.write(Buffer.from([0x81, 0xfe, 0xea, 0x60, 0, 0, 0, 0]));
    for (let n = 0; n < limits.frameChunksMax; n++) receiver.write(Buffer.from('x'));
    expect(ws.readyState).toBe(ws.OPEN);
    receiver.write(Buffer.from('x'));
    expect((await problem)[0]).toMatchObject({ code: 'WS_ERR_TOO_MANY_BUFFERED_PARTS' });
    line.socket.destroy();
  });

  test('keeps nothing of the requests of those who are in: it was 20 kB a socket', async () => {
    const clients = Array.from({ length: 20 }, () => new WebSocket(`ws://127.0.0.1:${port}/ws`));
    await Promise.all(clients.map((client) => once(client, 'open')));
    // The parser of Node lets go of the last one with the next.
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    expect(accepted).toHaveLength(20);
    expect(requests.filter((request) => request.deref() !== undefined).length).toBeLessThanOrEqual(1);
    for (const client of clients) client.terminate();
  });
});
