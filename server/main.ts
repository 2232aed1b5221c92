// Composition root of the server: wires Valkey, rooms, fan-out and HTTP, and runs them until the
// signal, or until a bug ends one of them.

import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { gatherWorld, type Surroundings } from '../agents/game-master.ts';
import { createKnowledge } from '../agents/knowledge/knowledge.ts';
import { limits } from '../core/limits.ts';
import { defaultSettings } from '../core/settings.ts';
import { asFault, followAll, readAfter, runTogether, type Store, type Valkey } from '../streams/engine.ts';
import { assertAllLimits } from './config/assert-limits.ts';
import type { Config } from './config/config.ts';
import { valkeyUrl } from './config/valkey-url.ts';
import { version } from './config/version.ts';
import { docsAssets } from './docs/assets.ts';
import { createHubs, type Hubs } from './fan-out/hubs.ts';
import { degradationsBy } from './health/degradation.ts';
import { keptHealth, lookAtHealth } from './health/health.ts';
import { proxiesOf } from './http/address-of.ts';
import { type AppDeps, createApp } from './http/app.ts';
import { type Complain, createComplaints } from './http/complaints.ts';
import { listenUntil } from './http/listening.ts';
import { createAddressLimits, createBucket } from './live/budgets.ts';
import { createDoor } from './live/door.ts';
import { keepServerTime } from './live/server-time.ts';
import type { LiveDeps } from './live/session.ts';
import { newTraffic } from './live/traffic.ts';
import { keepRetaining } from './operate/keep-retaining.ts';
import { operatorOn } from './operate/operator.ts';
import { createOps } from './ops/api.ts';
import { createMetrics } from './ops/metrics.ts';
import { keepForgetting } from './rooms/keep-forgetting.ts';
import { createUnentered } from './rooms/unentered.ts';
import { surroundingsOn } from './run-agents.ts';
import { createHallOfFame } from './stores/boards.ts';
import type { GameKeys } from './stores/keys.ts';
import { createSearch } from './stores/memory-search.ts';
import { createJson } from './stores/modules.ts';
import { createPepper } from './stores/pepper.ts';
import { createPresence } from './stores/presence.ts';
import { sentenceOf } from './stores/refusals.ts';
import { createSecrets } from './stores/secrets.ts';
import { createWriteProbe } from './stores/write-probe.ts';
import { createFigures } from './telemetry/figures.ts';
import { createLog } from './telemetry/log.ts';
import { type OpenTelemetry, openTelemetry, type Service } from './telemetry/open.ts';
import { measurePreparation } from './telemetry/round-preparation.ts';
import { createSampler, keepSampling } from './telemetry/sample.ts';
import { type Shortfalls, shortfallsIn } from './telemetry/shortfalls.ts';
import { buildWeb } from './web/build.ts';
import { openGame } from './wiring/game-stream.ts';
import { storeFor } from './wiring/store.ts';

/** What stands on the one connection that commands go through. */
function standOn(store: Store, { valkey }: Config, telemetry: OpenTelemetry) {
  const { replicated } = valkey;
  const observing = { samples: answersTraced(), onCommit: measurePreparation(telemetry.meter) };
  const opened = openGame(store, { name: 'arena-server', telemetry, replicated, ...observing });
  const close = () => {
    opened.close();
    store.close();
  };
  const { commands, keys } = opened;
  const { shortfalls } = telemetry;
  store.tellTo(shortfalls.tell);
  const writes = createWriteProbe(commands, keys, { clock, replicated: valkey.replicated });
  const without = lookWithout({ commands, keys, shortfalls });
  const look = () => lookAtHealth({ connection: commands, keys, version, writes, without });
  const health = keptHealth(look, clock);
  const { handler: rooms, log: eventLog } = opened;
  const presence = createPresence(commands, keys);
  const unentered = createUnentered({ commands, keys, log: eventLog, rooms, presence });
  return { ...opened, opened, eventLog, rooms, presence, unentered, telemetry, health, close };
}

interface Without {
  readonly commands: Valkey;
  readonly keys: GameKeys;
  readonly shortfalls: Shortfalls;
}

/** What is done without here, found out by trying, and what others told of themselves. */
function lookWithout({ commands, keys, shortfalls }: Without) {
  const json = createJson(commands, keys, shortfalls);
  const search = createSearch(commands, keys, json, shortfalls);
  const figures = createFigures(commands, keys.figures);
  return async () => {
    await Promise.all([json.usable(), search.usable()]);
    const others = [...(await figures.all()).values()].map(shortfallsIn);
    return degradationsBy(shortfalls.now(), others);
  };
}

/** Some answers each second, whatever comes. */
function answersTraced(): () => boolean {
  const { answersTracedPerSecond: perSecond } = limits;
  const bucket = createBucket(perSecond, perSecond);
  return () => bucket.take(clock()) === 0;
}

type Ground = ReturnType<typeof standOn>;

/**
 * Serves until the signal; resolves when the last socket is closed. Rejects for a bug, or when it cannot
 * listen, with nothing left open. `onListening`: told when it takes connections.
 */
export async function serve(
  config: Config,
  signal: AbortSignal,
  onListening: () => void = () => undefined,
): Promise<void> {
  assertAllLimits();
  const [url, page] = await Promise.all([valkeyUrl(config), buildWeb(config.http.publicUrl)]);
  const log = createLog(config.log, url);
  const store = await storeFor(url, signal, log, config.valkey);
  if (store === null) return;
  const docs = await docsAssets(page, { version, url: config.http.publicUrl });
  const assets = new Map([...page, ...docs]);
  const service = { name: 'arena-server', version, instance: `${hostname()}:${config.http.port}` };
  const telemetry = await openTelemetry(config.telemetry, service, log);
  const ground = standOn(store, config, telemetry);
  const surroundings = surroundingsOn(ground.commands, ground.keys, createKnowledge());
  await runTogether(signal, (until) => {
    const time = keepServerTime(ground.eventLog, until);
    const hubs = openHubs(ground, log, time.now);
    const complain = createComplaints(log, clock);
    const live = liveDeps(ground, { hubs, surroundings, serverTime: time.now, log, complain });
    const door = createDoor(live);
    const { topics } = surroundings;
    const desk = { ground, live, sockets: door.count, complain };
    const sample = samplerOn(desk);
    const [ops, metrics] = [opsOn(config, service, desk), metricsOn(config, service, { ...desk, sample })];
    const anyTopic = config.models.researcher.provider !== 'embedded';
    const knocking = { proxies: proxiesOf(config.http), complain };
    const rest = { assets, topics, anyTopic, ops, metrics, accept: door.accept, ...knocking };
    const app = createApp({ ...appDeps(config, ground, live), ...rest });
    const port = { app, door, http: config.http, log, ...knocking, onListening };
    const listening = listenUntil(until, port).finally(hubs.close);
    const sampling = config.telemetry.metricsUrl === null ? [] : [keepSampling(sample, until)];
    const retaining = retainOn(config, ground, log, until);
    const forgetting = keepForgetting(ground.unentered, log, until);
    return [time.ended, listening, forgetting, ...sampling, ...retaining, ...follow(ground, hubs, until)];
  })
    .finally(telemetry.close)
    .finally(ground.close);
  log.info('stopped');
}

const clock = () => performance.now();

function openHubs(
  { eventLog, presence, rooms, telemetry }: Ground,
  log: Logger,
  serverTime: () => number,
): Hubs {
  const report = (what: string, detail: object) => log.warn(detail, what);
  const { tracer } = telemetry;
  return createHubs({ log: eventLog, presence, rooms, tracer, report, serverTime, clock });
}

function follow({ opened }: Ground, hubs: Hubs, signal: AbortSignal): readonly Promise<void>[] {
  return followAll(opened, hubs.ring, { name: 'arena-server-tail', signal });
}

interface Around {
  readonly hubs: Hubs;
  readonly surroundings: Surroundings;
  readonly serverTime: () => number;
  readonly log: Logger;
  readonly complain: Complain;
}

function liveDeps(
  { commands, keys, eventLog, rooms, unentered, telemetry }: Ground,
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
      const since = (rev: number) => readAfter(eventLog, room, rev - 1);
      const view = { now: () => eventLog.now(room), since, byHand: true };
      return gatherWorld(state.phase === 'none' ? null : state, view, surroundings);
    },
    serverTime,
    clock,
    note: (what, detail) => log.debug(detail, what),
    bug: (error) => tellBug(log, error),
  };
}

/** A right that we lack is no bug of ours: one sentence, which says what to do. */
function tellBug(log: Logger, error: unknown): void {
  const { code } = asFault(error);
  if (code === 'not_permitted') log.error(sentenceOf(error) ?? code);
  else log.error(error, 'bug');
}

interface Desk {
  readonly ground: Ground;
  readonly live: LiveDeps;
  readonly sockets: () => number;
  readonly complain: Complain;
}

function opsOn({ ops }: Config, { instance }: Service, { ground, live, sockets, complain }: Desk) {
  const { traffic, bug } = live;
  return createOps({
    operator: operatorOn(ground.opened, 'console'),
    name: instance,
    traffic,
    sockets,
    ...ops,
    complain,
    bug,
  });
}

/** Only where the operator said for how long rooms may rest: nobody expects files otherwise. */
function retainOn(
  { retain: { byItself, ...rest } }: Config,
  { opened, telemetry: { shortfalls } }: Ground,
  log: Logger,
  signal: AbortSignal,
): Promise<void>[] {
  const operator = () => operatorOn(opened, 'retain');
  return byItself ? [keepRetaining({ ...rest, operator, log, tell: shortfalls.tell }, signal)] : [];
}

function samplerOn({ ground: { commands, keys, telemetry, health }, live, sockets }: Desk) {
  const operator = { connection: commands, keys };
  const degraded = async () => (await health()).degraded.filter(({ elsewhere }) => elsewhere !== true);
  return createSampler(telemetry.meter, { operator, traffic: live.traffic, sockets, degraded });
}

/** Sampled when somebody looks. */
function metricsOn(
  { ops }: Config,
  { name, instance }: Service,
  { ground, sample, complain }: Desk & { readonly sample: () => Promise<void> },
) {
  const { commands, keys, telemetry } = ground;
  return createMetrics({
    name: `${name} ${instance}`,
    snapshot: telemetry.registry.snapshot,
    sample,
    others: createFigures(commands, keys.figures).all,
    complain,
    token: ops.token,
    proxied: ops.proxied,
  });
}

function appDeps(
  { http, game }: Config,
  { commands, keys, unentered, health }: Ground,
  { rooms, addresses, telemetry, note, bug }: LiveDeps,
): Omit<AppDeps, 'assets' | 'topics' | 'anyTopic' | 'ops' | 'metrics' | 'accept' | 'proxies' | 'complain'> {
  return {
    http,
    game,
    defaults: { ...defaultSettings, rounds: game.rounds, seconds: game.seconds },
    rooms,
    pepper: createPepper(commands, keys, () => randomBytes(32).toString('base64url')),
    tracer: telemetry.tracer,
    hall: createHallOfFame(commands, keys),
    addresses,
    unentered,
    health,
    clock,
    note,
    bug,
  };
}
