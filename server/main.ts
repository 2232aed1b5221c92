// Composition root of the server: wires Valkey, rooms, fan-out and HTTP, and runs them until the
// signal, or until a bug ends one of them.

import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { gatherWorld, type Surroundings } from '../agents/game-master.ts';
import { createKnowledge } from '../agents/knowledge/knowledge.ts';
import { assertLimits, limits } from '../core/limits.ts';
import { defaultSettings } from '../core/settings.ts';
import { connect } from '../streams/connection.ts';
import { createEventLog } from '../streams/event-log.ts';
import { createFigures } from '../streams/figures.ts';
import { createHallOfFame } from '../streams/hall-of-fame.ts';
import { createKeys } from '../streams/keys.ts';
import { observedLog } from '../streams/observed-log.ts';
import { createPresence } from '../streams/presence.ts';
import { createRooms } from '../streams/rooms.ts';
import { createSecrets } from '../streams/secrets.ts';
import { createTail } from '../streams/tail.ts';
import { readAfter } from '../streams/task.ts';
import { type AppDeps, createApp } from './app.ts';
import type { Config } from './config.ts';
import { docsAssets } from './docs/assets.ts';
import { createHubs, type Hubs } from './fan-out/hubs.ts';
import { lookAtHealth } from './health.ts';
import { listenUntil } from './listening.ts';
import { createAddressLimits, createBucket } from './live/budgets.ts';
import { createDoor } from './live/door.ts';
import type { LiveDeps } from './live/session.ts';
import { newTraffic } from './live/traffic.ts';
import { createLog } from './log.ts';
import { operatorOn } from './operate/operator.ts';
import { createOps } from './ops/api.ts';
import { createMetrics } from './ops/metrics.ts';
import { surroundingsOn } from './run-agents.ts';
import { runTogether } from './run-together.ts';
import { keepServerTime } from './server-time.ts';
import { type OpenTelemetry, openTelemetry, type Service } from './telemetry/open.ts';
import { createSampler } from './telemetry/sample.ts';
import { valkeyUrl } from './valkey-url.ts';
import { version } from './version.ts';
import { buildWeb } from './web/build.ts';

/** What stands on the one connection that commands go through. */
function openStore(url: string, telemetry: OpenTelemetry) {
  const keys = createKeys();
  const commands = connect(url, 'arena-server');
  const eventLog = observedLog(createEventLog(commands, keys), telemetry, answersTraced());
  return { url, keys, commands, eventLog, rooms: createRooms(eventLog), telemetry };
}

/** Some answers each second, whatever comes. */
function answersTraced(): () => boolean {
  const { answersTracedPerSecond: perSecond } = limits;
  const bucket = createBucket(perSecond, perSecond);
  return () => bucket.take(clock()) === 0;
}

type Store = ReturnType<typeof openStore>;

/**
 * Serves until the signal; resolves when the last socket is closed. Rejects for a bug, or when it cannot
 * listen, with nothing left open.
 */
export async function serve(config: Config, signal: AbortSignal): Promise<void> {
  assertLimits();
  const log = createLog(config.log);
  const [url, page] = await Promise.all([valkeyUrl(config), buildWeb()]);
  const docs = await docsAssets(page, { version, url: config.http.publicUrl });
  const assets = new Map([...page, ...docs]);
  const service = { name: 'arena-server', version, instance: `${hostname()}:${config.http.port}` };
  const telemetry = await openTelemetry(config.telemetry, service, log);
  const store = openStore(url, telemetry);
  const surroundings = surroundingsOn(store.commands, createKnowledge());
  await runTogether(signal, (until) => {
    const time = keepServerTime(store.eventLog, until);
    const hubs = openHubs(store, log, time.now);
    const live = liveDeps(store, { hubs, surroundings, serverTime: time.now, log });
    const door = createDoor(live);
    const { topics } = surroundings;
    const desk = { store, live, sockets: door.count };
    const [ops, metrics] = [opsOn(config, desk), metricsOn(config, service, desk)];
    const rest = { assets, topics, ops, metrics, accept: door.accept };
    const app = createApp({ ...appDeps(config, store, live), ...rest });
    const listening = listenUntil(until, { app, door, http: config.http, log }).finally(hubs.close);
    return [time.ended, listening, ...follow(store, hubs, until)];
  })
    .finally(telemetry.close)
    .finally(() => store.commands.disconnect());
  log.info('stopped');
}

const clock = () => performance.now();

function openHubs(
  { eventLog, commands, keys, rooms, telemetry }: Store,
  log: Logger,
  serverTime: () => number,
): Hubs {
  const presence = createPresence(commands, keys);
  const report = (what: string, detail: object) => log.warn(detail, what);
  const { tracer } = telemetry;
  return createHubs({ log: eventLog, presence, rooms, tracer, report, serverTime, clock });
}

/** A blocked reader needs a connection of its own for each partition. */
function follow({ url, keys }: Store, hubs: Hubs, signal: AbortSignal): Promise<void>[] {
  return keys.partitions.map((partition) => {
    const blocking = connect(url, 'arena-server-tail');
    const following = createTail(blocking, partition, Math.random).follow(hubs.ring, signal);
    return following.finally(() => blocking.disconnect());
  });
}

interface Around {
  readonly hubs: Hubs;
  readonly surroundings: Surroundings;
  readonly serverTime: () => number;
  readonly log: Logger;
}

function liveDeps(
  { commands, keys, eventLog, rooms, telemetry }: Store,
  { hubs, surroundings, serverTime, log }: Around,
): LiveDeps {
  return {
    rooms,
    log: eventLog,
    secrets: createSecrets(commands, keys),
    hubs,
    addresses: createAddressLimits(),
    traffic: newTraffic(),
    telemetry,
    worldFor(room, { state }) {
      const since = (rev: number) => readAfter(eventLog, room, rev - 1);
      const view = { now: () => eventLog.now(), since, byHand: true };
      return gatherWorld(state.phase === 'none' ? null : state, view, surroundings);
    },
    serverTime,
    clock,
    bug: (error) => log.error(error, 'bug'),
  };
}

interface Desk {
  readonly store: Store;
  readonly live: LiveDeps;
  readonly sockets: () => number;
}

function opsOn({ ops }: Config, { store, live, sockets }: Desk) {
  const { traffic, bug } = live;
  return createOps({ operator: operatorOn(store.commands, 'console'), traffic, sockets, ...ops, bug });
}

/** Sampled when somebody looks, and regularly where measurements are sent away. */
function metricsOn({ ops }: Config, { name, instance }: Service, { store, live, sockets }: Desk) {
  const { commands, keys, telemetry } = store;
  const operator = { connection: commands, keys };
  const sample = createSampler(telemetry.meter, { operator, traffic: live.traffic, sockets });
  return createMetrics({
    name: `${name} ${instance}`,
    snapshot: telemetry.registry.snapshot,
    sample,
    others: createFigures(commands, keys.figures).all,
    token: ops.token,
  });
}

function appDeps(
  { http, game }: Config,
  { commands, keys }: Store,
  { rooms, addresses, telemetry, bug }: LiveDeps,
): Omit<AppDeps, 'assets' | 'topics' | 'ops' | 'metrics' | 'accept'> {
  const [partition] = keys.partitions;
  if (partition === undefined) throw new Error('a keyspace has at least one partition');
  return {
    http,
    game,
    defaults: { ...defaultSettings, rounds: game.rounds, seconds: game.seconds },
    rooms,
    tracer: telemetry.tracer,
    hall: createHallOfFame(commands, keys),
    addresses,
    health: () => lookAtHealth(commands, partition, version),
    clock,
    bug,
  };
}
