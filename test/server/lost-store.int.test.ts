// The store lost at each step of a start in turn: at the first word to it, the second, and so on until all
// processes are at work. Each time they come to work all the same, and a room reaches its documents.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { openStore } from '../../streams/valkey/store.ts';
import { createEmptyRoom } from '../support/empty-room.ts';
import { type Serving, serveOn } from '../support/serving.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { connectTo, startTestValkey, type TestValkey } from '../support/valkey.ts';

let valkey: TestValkey;
let commands: Valkey;
let line: TcpProxy;

beforeAll(async () => {
  valkey = await startTestValkey();
  commands = await connectTo(valkey.url);
  line = await startTcpProxy(valkey.port);
});
afterAll(async () => {
  await line.stop();
  commands.disconnect();
  await valkey.stop();
});

/** As a page does: again, where the store is lost just then. */
async function makeRoom({ makeRoom: ask }: Pick<Serving, 'makeRoom'>, settings?: object) {
  for (;;) {
    try {
      return await ask(settings);
    } catch (error) {
      if (!String(error).includes('no room: 503')) throw error;
      await sleep(50);
    }
  }
}

/** An arena begun on an empty store that is lost after so many words to it; gives how many it took. */
async function startLosingAfter(words: number): Promise<number> {
  await commands.call('FLUSHALL');
  await commands.call('FUNCTION', 'FLUSH');
  const before = line.pieces();
  line.dropAfter(words);
  const arena = await serveOn(line.url.replace('http', 'redis'), { CLAIMS_AHEAD: '1' });
  const took = line.pieces() - before;
  try {
    const patient = { makeRoom: (settings?: object) => makeRoom(arena, settings) };
    const { room, log } = await createEmptyRoom(patient, commands);
    const behind = async () => {
      const { rev } = JSON.parse((await commands.get(`game:state:${room}`)) ?? '{"rev":0}');
      return ((await log()).at(-1)?.rev ?? 0) - rev;
    };
    await expect.poll(behind, { timeout: 30_000 }).toBe(0);
  } finally {
    await arena.stop();
  }
  return took;
}

test('a store that is lost at any step of a start only delays it', async () => {
  const words = await startLosingAfter(Number.POSITIVE_INFINITY);
  for (let after = 0; after <= words; after++) await startLosingAfter(after);
}, 600_000);

test('so it does one of several databases', async () => {
  const url = `${line.url.replace('http', 'redis')}/1`;
  const open = async () => (await openStore(url, AbortSignal.timeout(10_000))).close();
  const before = line.pieces();
  await open();
  const words = line.pieces() - before;
  for (let after = 0; after <= words; after++) {
    line.dropAfter(after);
    await open();
  }
});
