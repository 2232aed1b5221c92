// Bodies that come in pieces and do not say how long they will be.

import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Serving, startServing } from '../../support/serving.ts';

let arena: Serving;

beforeAll(async () => {
  arena = await startServing();
});
afterAll(() => arena.stop());

interface Sent {
  readonly status: number | null;
  readonly bytes: number;
}

/** Sends pieces of 64 KiB until it is answered, or until it has sent them all. */
async function pour(path: string, pieces: number): Promise<Sent> {
  const asking = request(`${arena.http}${path}`, { method: 'POST' });
  let status: number | null = null;
  let bytes = 0;
  let over = false;
  asking.on('response', (reply) => {
    status = reply.statusCode ?? null;
    reply.resume();
    over = true;
  });
  asking.on('error', () => {
    over = true;
  });
  const piece = Buffer.alloc(65_536, ' ');
  for (let sent = 0; sent < pieces && !over; sent++) {
    if (!asking.write(piece))
      await Promise.race([new Promise((resolve) => asking.once('drain', resolve)), sleep(500)]);
    bytes += piece.length;
    await sleep(1);
  }
  asking.destroy();
  return { status, bytes };
}

test.each(['/api/rooms', '/api/ops/dead/drop'])(
  '%s is not read to the end of a body without one',
  async (path) => {
    const { status, bytes } = await pour(path, 1_600);
    expect(status).toBe(path === '/api/rooms' ? 413 : 400);
    expect(bytes).toBeLessThan(50_000_000);
  },
);

test('a short body in pieces is read whole', async () => {
  const pieces = ['{"rou', 'nds":', '3}'].map((text) => new TextEncoder().encode(text));
  const body = ReadableStream.from(pieces);
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
  expect((await fetch(`${arena.http}/api/rooms`, init)).status).toBe(201);
});
