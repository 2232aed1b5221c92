// What a socket that reads slowly is told: every frame of the log in its order, or a goodbye that says "come
// back". A frame left out in between would be lost for good: those who come back name the last one they had.

import { once } from 'node:events';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { limits } from '../../../core/limits.ts';
import { createClientSocket, textFrame } from '../../../server/fan-out/client-socket.ts';

/** A client whose socket has as much unsent as the test says, on a clock that the test holds. */
function clientBehind() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const written: string[] = [];
  const closes: number[] = [];
  const at = { unsent: 0, now: 0, terminated: 0 };
  const socket = {
    get writableLength() {
      return at.unsent;
    },
    write: (frames: Buffer) => void written.push(frames.toString()),
  };
  const ws = {
    OPEN: 1,
    readyState: 1,
    _socket: socket,
    close(code: number) {
      ws.readyState = 2;
      closes.push(code);
    },
    terminate() {
      at.terminated += 1;
    },
  };
  const traffic = { pushes: 0 };
  const client = createClientSocket(ws as unknown as WebSocket, { clock: () => at.now, traffic });
  return { client, at, written, closes, traffic };
}

const { socketBehindBytes, socketBehindBytesMax, socketBehindMsMax } = limits;

describe('a socket with much unsent', () => {
  test.each([0, socketBehindBytes, socketBehindBytes + 1, socketBehindBytesMax])(
    'is written every frame of the log, also at %i bytes',
    (unsent) => {
      const { client, at, written, closes, traffic } = clientBehind();
      at.unsent = unsent;
      client.write(Buffer.from('one'));
      client.write(Buffer.from('two'));
      expect([written, closes, traffic.pushes]).toEqual([['one', 'two'], [], 2]);
    },
  );

  test('is spared what nobody has to get, from the first byte too many on and until it has caught up', () => {
    const { client, at, written } = clientBehind();
    for (const [unsent, text] of [
      [socketBehindBytes, 'in time'],
      [socketBehindBytes + 1, 'spared'],
      [0, 'caught up'],
    ] as const) {
      at.unsent = unsent;
      client.writeVolatile(Buffer.from(text));
    }
    expect(written).toEqual(['in time', 'caught up']);
  });

  test('too much of it is asked to come back, and is written nothing more', () => {
    const { client, at, written, closes } = clientBehind();
    at.unsent = socketBehindBytesMax + 1;
    client.write(Buffer.from('one'));
    at.unsent = 0;
    client.write(Buffer.from('two'));
    client.writeVolatile(Buffer.from('three'));
    expect([written, closes]).toEqual([[], [4002]]);
  });

  test('for too long is asked to come back, and a peer that reads nothing at all is cut off', () => {
    const { client, at, written, closes } = clientBehind();
    at.unsent = socketBehindBytes + 1;
    client.write(Buffer.from('one'));
    at.now = socketBehindMsMax;
    client.write(Buffer.from('two'));
    expect([written, closes]).toEqual([['one', 'two'], []]);
    at.now += 1;
    client.write(Buffer.from('three'));
    expect([written, closes, at.terminated]).toEqual([['one', 'two'], [4002], 0]);
    vi.advanceTimersByTime(socketBehindMsMax);
    expect(at.terminated).toBe(1);
  });

  test('that caught up in between is behind anew, not still', () => {
    const { client, at, closes } = clientBehind();
    for (const [now, unsent] of [
      [0, socketBehindBytes + 1],
      [socketBehindMsMax - 1, 0],
      [socketBehindMsMax + 1, socketBehindBytes + 1],
      [2 * socketBehindMsMax + 1, socketBehindBytes + 1],
    ] as const) {
      at.now = now;
      at.unsent = unsent;
      client.write(Buffer.from('frame'));
    }
    expect(closes).toEqual([]);
  });
});

test('a client that stops reading misses no frame before the close that tells it to come back', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const { port } = server.address() as { port: number };
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  const seen: number[] = [];
  client.on('message', (data) => seen.push(JSON.parse(String(data)).s));
  const closed = once(client, 'close');
  await once(client, 'open');
  const [ws] = (await accepted) as [WebSocket];
  const told = createClientSocket(ws, { clock: () => performance.now(), traffic: { pushes: 0 } });
  client.pause();
  const filling = 'x'.repeat(10_000);
  // Far more than the kernel and the socket hold together.
  for (let s = 1; ws.readyState === ws.OPEN && s <= 100_000; s++) {
    told.write(textFrame(JSON.stringify({ s, filling })));
    if (s % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(ws.readyState).not.toBe(ws.OPEN);
  client.resume();
  const [code] = await closed;
  expect(code).toBe(4002);
  expect(seen.length).toBeGreaterThan(limits.socketBehindBytes / filling.length);
  expect(seen).toEqual(seen.map((_, index) => index + 1));
});
