// Composition root of the server: wires rooms, fan-out and HTTP on an open store, and runs them until the
// signal, or until a bug ends one of them.

import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { gatherWorld, type Surroundings } from '../agents/game-master.ts';
import { createKnowledge } from '../agents/knowledge/knowledge.ts';
import { defaultSettings } from '../core/settings.ts';
import { asFault, followAll, runTogether } from '../streams/parts.ts';
import type { Config } from './config/config.ts';
import { version } from './config/version.ts';
import { docsAssets } from './docs/assets.ts';
import { createHubs, type Hubs } from './fan-out/hubs.ts';
import { proxiesOf } from './http/address-of.ts';
import { type AppDeps, type Assets, createApp } from './http/app.ts';
import { type Complain, createComplaints } from './http/complaints.ts';
import { listenUntil } from './http/listening.ts';
import { createAddressLimits } from './live/budgets.ts';
import { keepServerTime } from './live/server-time.ts';
import type { LiveDeps } from './live/session.ts';
import { createSockets } from './live/sockets.ts';
import { newTraffic } from './live/traffic.ts';
import { keepDeleting } from './rooms/keep-deleting.ts';
import { createBoardStore } from './stores/boards.ts';
import { createPepper } from './stores/pepper.ts';
import { sentenceOf } from './stores/refusals.ts';
import { createSecrets } from './stores/secrets.ts';
import { keepSampling } from './telemetry/sample.ts';
import { buildWeb } from './web/build.ts';
import { metricsOn, opsOn, retainOn, samplerOn } from './wiring/desk.ts';
import { type GameAtServer, openGameAtServer } from './wiring/game-at-server.ts';
import { surroundingsOn } from './wiring/surroundings.ts';
import { type Ground, withStore } from './wiring/with-store.ts';

const clock = () => performance.now();

/**
 * Serves until the signal; resolves when the last socket is closed. Rejects for a bug, or when it cannot
 * listen, with nothing left open. `onListening`: told when it takes connections.
 */
export async function serve(
  config: Config,
  signal: AbortSignal,
  onListening: () => void = () => undefined,
): Promise<void> {
  const { replicated } = config.valkey;
  const instance = `${hostname()}:${config.http.port}`;
  const program = { name: 'arena-server', instance, replicated, marks: {} };
  await withStore(config, program, signal, async (ground) => {
    const assets = await assetsOf(config);
    const game = openGameAtServer(ground, replicated, clock);
    const running = { ground, game, assets, onListening };
    await runTogether(signal, (until) => run(config, running, until)).finally(game.opened.close);
  });
}

async function assetsOf({ http: { publicUrl }, valkey: { dataDir } }: Config): Promise<Assets> {
  const page = await buildWeb(publicUrl, join(dataDir, 'page.json'));
  return new Map([...page, ...(await docsAssets(page, { version, url: publicUrl }))]);
}

interface Running {
  readonly ground: Ground;
  readonly game: GameAtServer;
  readonly assets: Assets;
  readonly onListening: () => void;
}

/** All that runs beside each other; each ends by the signal. */
function run(config: Config, { ground, game, assets, onListening }: Running, until: AbortSignal) {
  const { log, service } = ground;
  const surroundings = surroundingsOn(game.commands, game.keys, createKnowledge());
  const time = keepServerTime(game.eventLog, until);
  const hubs = openHubs(game, log, time.now);
  const complain = createComplaints(log, clock);
  const live = liveDeps(game, { hubs, surroundings, serverTime: time.now, log, complain });
  const sockets = createSockets(live);
  const desk = { game, live, sockets: sockets.count, complain, service };
  const sample = samplerOn(desk);
  const knocking = { proxies: proxiesOf(config.http), complain };
  const app = createApp({
    ...appDeps(config, game, live),
    ...knocking,
    assets,
    topics: surroundings.topics,
    ops: opsOn(config, desk),
    metrics: metricsOn(config, desk, sample),
  });
  const port = { app, sockets, http: config.http, log, ...knocking, onListening };
  return [
    time.ended,
    listenUntil(until, port).finally(hubs.close),
    keepDeleting(game.unentered, log, until),
    ...(config.telemetry.metricsUrl === null ? [] : [keepSampling(sample, until)]),
    ...retainOn(config, game, log, until),
    ...followAll(game.opened, hubs.wake, { name: 'arena-server-tail', signal: until }),
  ];
}

function openHubs(
  { eventLog, presence, rooms, telemetry }: GameAtServer,
  log: Logger,
  serverTime: () => number,
): Hubs {
  const report = (what: string, detail: object) => log.warn(detail, what);
  const { tracer } = telemetry;
  return createHubs({ log: eventLog, presence, rooms, tracer, report, serverTime, clock });
}

interface Around {
  readonly hubs: Hubs;
  readonly surroundings: Surroundings;
  readonly serverTime: () => number;
  readonly log: Logger;
  readonly complain: Complain;
}

function liveDeps(
  { commands, keys, eventLog, rooms, unentered, telemetry }: GameAtServer,
  { hubs, surroundings, serverTime, log, complain }: Around,
): LiveDeps {
  return {
    rooms,
    log: eventLog,
    secrets: createSecrets(commands, keys),
    hubs,
    addresses: createAddressLimits(complain),
    unentered,
    traffic: newTraffic(),
    telemetry,
    worldFor(room, { state }) {
      const view = { now: () => eventLog.now(room), byHand: true };
      return gatherWorld(state.phase === 'none' ? null : state, view, surroundings);
    },
    serverTime,
    clock,
    note: (what, detail) => log.debug(detail, what),
    bug: (error) => tellBug(log, error),
  };
}

/** A right that the store's user lacks is no bug of ours: one sentence says what to do. */
function tellBug(log: Logger, error: unknown): void {
  const { code } = asFault(error);
  if (code === 'not_permitted') log.error(sentenceOf(error) ?? code);
  else log.error(error, 'bug');
}

/** What the routes need of the game and of sockets. */
function appDeps(
  { http, game: { rounds, seconds, pace }, models }: Config,
  { commands, keys, unentered, health }: GameAtServer,
  { rooms, addresses, telemetry, note, bug }: LiveDeps,
): Omit<AppDeps, 'assets' | 'topics' | 'ops' | 'metrics' | 'proxies' | 'complain'> {
  return {
    http,
    game: { rounds, seconds, pace },
    defaults: { ...defaultSettings, rounds, seconds },
    anyTopic: models.researcher.provider !== 'embedded',
    rooms,
    pepper: createPepper(commands, keys, () => randomBytes(32).toString('base64url')),
    tracer: telemetry.tracer,
    boardStore: createBoardStore(commands, keys),
    addresses,
    unentered,
    health,
    clock,
    note,
    bug,
  };
}
