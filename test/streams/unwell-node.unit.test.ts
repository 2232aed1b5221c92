// A node of a cluster that is there but not well, as the client of the cluster sees it.

import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { RoomCode } from '../../core/ids.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { isAway } from '../../streams/contract/fault.ts';
import { createEventLog } from '../../streams/log/event-log.ts';
import { connectCluster } from '../../streams/valkey/cluster.ts';
import { untilReady } from '../../streams/valkey/connection.ts';
import { createWakeUps } from '../../streams/valkey/wake-ups.ts';
import { changed, request } from '../support/room-log.ts';

const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`;

/** The commands in what a client sent, which must be whole. */
function commandsIn(sent: string): string[][] {
  const lines = sent.split('\r\n');
  const commands: string[][] = [];
  for (let at = 0; lines[at]?.startsWith('*'); ) {
    const count = Number(lines[at]?.slice(1));
    // Before each word a line says how long it is.
    commands.push(Array.from({ length: count }, (_, index) => lines[at + 2 + 2 * index] ?? ''));
    at += 1 + 2 * count;
  }
  return commands;
}

/** The only node of a cluster, which loads its data for ever; `heard` is what each connection asked of it. */
async function loadingNode() {
  const heard: string[][] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const asked: string[] = [];
    heard.push(asked);
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (sent) => {
      for (const [name = '', ...args] of commandsIn(String(sent))) {
        asked.push(name);
        socket.write(replyTo(name, args, (server.address() as AddressInfo).port));
      }
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await once(server.close(), 'close');
  });
  const cluster = connectCluster([`redis://127.0.0.1:${(server.address() as AddressInfo).port}`], 'test');
  onTestFinished(() => cluster.disconnect());
  await untilReady(cluster, AbortSignal.timeout(5_000));
  return { cluster, heard };
}

function replyTo(name: string, [first = '']: readonly string[], port: number): string {
  const node = `*3\r\n${bulk('127.0.0.1')}:${port}\r\n${bulk('a'.repeat(40))}`;
  if (name === 'cluster') return `*1\r\n*3\r\n:0\r\n:16383\r\n${node}`;
  if (name === 'info') return bulk('loading:1\r\nloading_eta_seconds:1\r\n');
  if (name === 'ssubscribe') return `*3\r\n${bulk(name)}${bulk(first)}:1\r\n`;
  if (name === 'ping') return `*2\r\n${bulk('pong')}${bulk('')}`;
  if (name === 'client') return '+OK\r\n';
  return '-LOADING Valkey is loading the dataset in memory\r\n';
}

test('a commit to a node that loads its data fails as one to a store that is away, and waits for nothing', async () => {
  const { cluster } = await loadingNode();
  const log = createEventLog(cluster, createGameKeys({ cluster: true }), gameStream);
  const commit = log.commit(request(RoomCode.parse('AAAAAA'), [changed(3)]));
  const failure = await commit.catch((error: unknown) => error);
  expect(isAway(failure)).toBe(true);
  expect(String(failure)).toContain('LOADING');
});

test('whoever only listens for the doorbell asks for a sign of life', async () => {
  const { cluster, heard } = await loadingNode();
  const wakeUps = createWakeUps(cluster, () => undefined);
  wakeUps.listen('{p00}:game:feed');
  onTestFinished(wakeUps.close);
  const listening = () => heard.find((asked) => asked.includes('ssubscribe')) ?? [];
  await expect.poll(listening, { timeout: 15_000 }).toContain('ping');
}, 20_000);

test('a wake-up that came between a look and the wait for it ends that wait at once', async () => {
  const { cluster } = await loadingNode();
  const wakeUps = createWakeUps(cluster, () => undefined);
  onTestFinished(wakeUps.close);
  const channel = '{p00}:game:feed';
  const before = wakeUps.heard(channel);
  wakeUps.listen(channel);
  await expect.poll(() => wakeUps.heard(channel)).toBeGreaterThan(before);
  let over = false;
  const { signal } = new AbortController();
  void wakeUps.wait(channel, { heard: before, ms: 60_000, signal }).then(() => {
    over = true;
  });
  await new Promise(setImmediate);
  expect(over).toBe(true);
});
