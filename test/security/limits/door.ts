// A frame of so many bytes to a real door, over TCP: whether its message arrives, or what ends the
// connection.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import { subprotocol } from '../../../core/protocol.ts';
import { readConfig } from '../../../server/config/config.ts';
import { proxiesOf } from '../../../server/http/address-of.ts';
import { openDoor } from '../../../server/http/door.ts';

/** `taken`, or the code of the close. */
export async function throughTheDoor(bytes: number): Promise<number | 'taken'> {
  const server = createServer();
  const { http } = readConfig({});
  const { promise: arrived, resolve } = Promise.withResolvers<'taken'>();
  const accept = (ws: WebSocket) => {
    ws.on('message', () => resolve('taken'));
    ws.on('error', () => undefined);
  };
  openDoor(server, { http, proxies: proxiesOf(http), complain: () => undefined, accept });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = new WebSocket(`ws://127.0.0.1:${port}/ws`, [subprotocol]);
  await once(client, 'open');
  client.send(Buffer.alloc(bytes, ' '), { binary: false });
  const closed = once(client, 'close').then(([code]) => code as number);
  const came = await Promise.race([arrived, closed]);
  client.terminate();
  server.closeAllConnections();
  server.close();
  return came;
}
