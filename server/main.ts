// Composition root of the server: wires Valkey, rooms, fan-out and HTTP, listens, and stops in reverse.

import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve as listen, type WebSocketServerLike } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import { gatherWorld } from '../agents/game-master.ts';
import { createKnowledge } from '../agents/knowledge/knowledge.ts';
import type { Folded } from '../core/evolve.ts';
import type { RoomCode } from '../core/ids.ts';
import { assertLimits, limits } from '../core/limits.ts';
import { subprotocol } from '../core/protocol.ts';
import { defaultSettings } from '../core/settings.ts';
import { connect } from '../streams/connection.ts';
import { createEventLog } from '../streams/event-log.ts';
import { createHallOfFame } from '../streams/hall-of-fame.ts';
import { createKeys } from '../streams/keys.ts';
import { createPresence } from '../streams/presence.ts';
import { createRooms } from '../streams/rooms.ts';
import { createSecrets } from '../streams/secrets.ts';
import { createTail } from '../streams/tail.ts';
import { readAfter } from '../streams/task.ts';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import { createHubs } from './fan-out/hubs.ts';
import { lookAtHealth } from './health.ts';
import { createAddressLimits } from './live/budgets.ts';
import { createDoor } from './live/door.ts';
import type { LiveDeps } from './live/session.ts';
import { createLog } from './log.ts';
import { surroundingsOn } from './run-agents.ts';
import { keepServerTime } from './server-time.ts';
import { valkeyUrl } from './valkey-url.ts';
import { buildWeb } from './web/build.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** Serves until the signal; resolves when the last socket is closed. */
export async function serve(config: Config, signal: AbortSignal): Promise<void> {
  assertLimits();
  const log = createLog(config.log);
  const url = await valkeyUrl(config);
  const assets = buildWeb();
  const keys = createKeys();
  const commands = connect(url, 'arena-server');
  const eventLog = createEventLog(commands, keys);
  const rooms = createRooms(eventLog);
  const presence = createPresence(commands, keys);
  const clock = () => performance.now();
  const bug = (error: unknown) => log.error(error, 'bug');
  const report = (what: string, detail: object) => log.warn(detail, what);

  const time = keepServerTime(eventLog, signal);
  const hubs = createHubs({ log: eventLog, presence, rooms, report, serverTime: time.now, clock });
  const tails = keys.partitions.map((partition) => {
    const tail = createTail(connect(url, 'arena-server-tail'), partition, Math.random);
    return tail.follow(hubs.ring, signal);
  });
  const surroundings = surroundingsOn(commands, createKnowledge());
  const worldFor = (room: RoomCode, { state }: Folded) => {
    const since = (rev: number) => readAfter(eventLog, room, rev - 1);
    const view = { now: () => eventLog.now(), since, byHand: true };
    return gatherWorld(state.phase === 'none' ? null : state, view, surroundings);
  };
  const addresses = createAddressLimits();
  const live: LiveDeps = {
    rooms,
    log: eventLog,
    secrets: createSecrets(commands, keys),
    hubs,
    addresses,
    worldFor,
    serverTime: time.now,
    clock,
    bug,
  };
  const door = createDoor(live);

  const wss = new WebSocketServer({
    noServer: true,
    maxPayload: limits.framePayloadBytesMax,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
  });
  const [partition] = keys.partitions;
  if (partition === undefined) throw new Error('a keyspace has at least one partition');
  const app = createApp({
    http: config.http,
    game: config.game,
    defaults: { ...defaultSettings, rounds: config.game.rounds, seconds: config.game.seconds },
    rooms,
    hall: createHallOfFame(commands, keys),
    topics: surroundings.topics,
    addresses,
    assets: await assets,
    health: () => lookAtHealth(commands, partition, version),
    accept: door.accept,
    clock,
    bug,
  });
  const { port, host: hostname } = config.http;
  // The adapter names the few methods it calls more loosely than `ws` types them.
  const websocket = { server: wss as unknown as WebSocketServerLike };
  const server = listen({ fetch: app.fetch, port, hostname, websocket }, ({ port: actual }) =>
    log.info({ port: actual }, 'listening'),
  );
  const failed = new Promise<never>((_, reject) => server.once('error', reject));

  // A tail ends before the signal only for a bug, which ends the server.
  await Promise.race([aborted(signal), failed, Promise.all(tails)]);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await door.close();
  if ('closeAllConnections' in server) server.closeAllConnections();
  hubs.close();
  await Promise.all([
    Promise.race([closed, sleep(limits.drainMs / 4, undefined, { ref: false })]),
    ...tails,
    time.ended,
  ]);
  commands.disconnect();
  log.info('stopped');
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}
