// Composition root of the agents: any subset in one process, each on connections of its own. Ends by the
// signal, in reverse, with nothing pending that another process could not take at once.

import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { embeddedClaim, type Knowledge, withoutRetracted } from '../agents/embedded.ts';
import { createGameMaster, type Surroundings } from '../agents/game-master.ts';
import { createKnowledge } from '../agents/knowledge/knowledge.ts';
import { createThinkers } from '../agents/thinkers.ts';
import type { RoomCode } from '../core/ids.ts';
import { assertLimits } from '../core/limits.ts';
import type { Agent, EventLog, Rooms } from '../core/ports.ts';
import type { Telemetry } from '../core/telemetry.ts';
import { createMemoryKeeper } from '../projections/memory-keeper.ts';
import { createProjector } from '../projections/projector.ts';
import { ringAlarms } from '../streams/alarms.ts';
import { runBatchConsumer } from '../streams/batch-consumer.ts';
import { connect, type Valkey } from '../streams/connection.ts';
import { runConsumer } from '../streams/consumer.ts';
import { createDocuments } from '../streams/documents.ts';
import { createEventLog } from '../streams/event-log.ts';
import { tellEvents } from '../streams/event-spans.ts';
import { createFeed, type Pointer } from '../streams/feed.ts';
import { createGate } from '../streams/gate.ts';
import { createHallOfFame } from '../streams/hall-of-fame.ts';
import { keepHouse } from '../streams/housekeeping.ts';
import { createKeys, type Group, type PartitionKeys } from '../streams/keys.ts';
import { createLedger } from '../streams/ledger.ts';
import { createRetractions } from '../streams/memory.ts';
import { observedLog } from '../streams/observed-log.ts';
import { createPresence } from '../streams/presence.ts';
import type { Report } from '../streams/report.ts';
import { createRooms } from '../streams/rooms.ts';
import type { RunDeps } from '../streams/run-entry.ts';
import { newTraceparent } from '../streams/trace.ts';
import type { Config } from './config.ts';
import { createLog } from './log.ts';
import { openMemory, openRecall } from './memory.ts';
import { runTogether } from './run-together.ts';
import { openTelemetry, type Service } from './telemetry/open.ts';
import { tellFigures } from './telemetry/tell-figures.ts';
import { valkeyUrl } from './valkey-url.ts';
import { version } from './version.ts';

/** What one agent needs to run: the parts that all of them share, and where it says what it does. */
interface Stage {
  readonly config: Config;
  readonly url: string;
  readonly log: Logger;
  readonly telemetry: Telemetry;
  readonly signal: AbortSignal;
}

/** Runs the agents named until the signal; resolves when all of them have drained, rejects for a bug. */
export async function runAgents(config: Config, names: readonly Group[], signal: AbortSignal): Promise<void> {
  assertLimits();
  const log = createLog(config.log).child({ agents: names.join() });
  const url = await valkeyUrl(config);
  const service = serviceOf(config, names);
  const telemetry = await openTelemetry(config.telemetry, service, log);
  const stage = { config, url, log, telemetry };
  const knowledge = createKnowledge();
  const agents = createAgents(stage, knowledge);
  // The first claim of a process takes half a second longer, and no question should wait for it.
  if (names.includes('game-master')) await embeddedClaim(knowledge, anyClaim);
  const partitions = createKeys().partitions;
  await runTogether(signal, (until) => {
    const run = (name: Group, keys: PartitionKeys) =>
      name === 'projector'
        ? runProjector({ ...stage, signal: until }, keys)
        : runAgent({ ...stage, signal: until }, keys, name, agents[name]);
    const running = names.flatMap((name) => partitions.map((keys) => run(name, keys)));
    log.info('agents are ready');
    const { registry } = telemetry;
    const name = `${service.name} ${service.instance}`;
    return [...running, tellFigures({ url, name, registry }, until)];
  }).finally(telemetry.close);
}

function serviceOf(config: Config, names: readonly Group[]): Service {
  const [only] = names;
  const name = names.length === 1 && only !== undefined ? `arena-${only}` : 'arena-agents';
  return { name, version, instance: consumerName(config) };
}

/** The same in the next life of a process that has a slot. */
const consumerName = ({ agents }: Config): string => `${hostname()}:${agents.slot ?? process.pid}`;

const anyClaim = { topic: null, difficulty: null, avoid: new Set<string>(), random: Math.random };

type Agents = Readonly<Record<Exclude<Group, 'projector'>, (commands: Valkey) => Agent>>;

/** Knowledge is loaded when it is first asked, so an agent that never asks costs nothing. */
function createAgents({ config, log, telemetry }: Omit<Stage, 'signal'>, plain: Knowledge): Agents {
  const random = Math.random;
  const clock = () => performance.now();
  const thinkersOn = (commands: Valkey) => {
    const recall = openRecall(config, commands, (error) => log.warn({ error: String(error) }, 'blind'));
    const knowledge = withoutRetracted(plain, recall.retracted);
    const ledger = createLedger(commands);
    const observing = { ...telemetry, content: config.telemetry.content };
    return createThinkers(config.models, knowledge, { clock, random, recall, ledger, observing });
  };
  return {
    researcher: (commands) => thinkersOn(commands).researcher,
    writer: (commands) => thinkersOn(commands).writer,
    editor: (commands) => thinkersOn(commands).editor,
    'game-master': (commands) => createGameMaster(surroundingsOn(commands, plain)),
  };
}

/** What a game master, or a host who goes on by hand, knows beyond the log. */
export function surroundingsOn(commands: Valkey, plain: Knowledge): Surroundings {
  const random = Math.random;
  const keys = createKeys();
  const { among: retracted } = createRetractions(commands, keys);
  const knowledge = withoutRetracted(plain, retracted);
  return {
    presence: createPresence(commands, keys),
    topics: knowledge.topics(),
    chance: random,
    retracted,
    embedded: (wish) => embeddedClaim(knowledge, { ...wish, random }),
  };
}

function runAgent(
  { config, url, log, telemetry, signal }: Stage,
  keys: PartitionKeys,
  name: Exclude<Group, 'projector'>,
  create: (commands: Valkey) => Agent,
): Promise<void> {
  const { commands, blocking, consumer, close } = openFor(url, name, config);
  const eventLog = observedLog(createEventLog(commands, createKeys()), telemetry);
  const rooms = createRooms(eventLog);
  const report = reportTo(log.child({ agent: name }));
  const deps = {
    agent: create(commands),
    group: name,
    by: name,
    consumer,
    feed: createFeed({ blocking, commands, keys, group: name, consumer }),
    commands,
    blocking,
    keys,
    gate: createGate(),
    log: eventLog,
    rooms,
    chance: Math.random,
    clock: Date.now,
    report,
    telemetry,
    concurrency: config.agents.concurrency,
    buried: name === 'game-master' ? pauseAfterBurial(eventLog, rooms, report) : async () => undefined,
  };
  return runTogether(signal, (until) => {
    const running = [runConsumer(deps, until)];
    if (name !== 'game-master') return running;
    running.push(ringAlarms(commands, keys, { signal: until, chance: Math.random }));
    running.push(keepHouse(commands, keys, { signal: until, report }));
    return running;
  }).finally(close);
}

/** A game must not hang on an entry that was given up: it is paused, as an event, until a host goes on. */
function pauseAfterBurial(eventLog: EventLog, rooms: Rooms, report: Report): RunDeps['buried'] {
  return async ({ room }) => {
    const context = { by: 'game-master', traceparent: newTraceparent() } as const;
    try {
      const now = await eventLog.now();
      await rooms.handle(room, () => ({ type: 'pauseGame', reason: 'fault', now }), context);
    } catch (error) {
      // A log that cannot be read cannot be paused either; the dead letter says so.
      report('not_paused', { room, error: String(error) });
    }
  };
}

function runProjector({ config, url, log, telemetry, signal }: Stage, keys: PartitionKeys): Promise<void> {
  const group = 'projector';
  const { commands, blocking, consumer, close } = openFor(url, group, config);
  const eventLog = createEventLog(commands, createKeys());
  const keepMemory = createMemoryKeeper({
    ...openMemory(config, commands),
    clock: () => performance.now(),
    onWaiting: (room, error) => log.warn({ room, error: String(error) }, 'not_remembered_yet'),
  });
  const project = createProjector(eventLog, createDocuments(commands, createKeys()), {
    keepMemory,
    hall: createHallOfFame(commands, createKeys()),
  });
  const tell = tellEvents(eventLog, telemetry.tracer);
  const deps = {
    feed: createFeed({ blocking, commands, keys, group, consumer }),
    blocking,
    commands,
    keys,
    group,
    consumer,
    telemetry,
    work: async (room: RoomCode, entries: readonly Pointer[]) => {
      await project(room);
      await tell(room, entries);
    },
    chance: Math.random,
    clock: Date.now,
    report: reportTo(log.child({ agent: group })),
  };
  return runBatchConsumer(deps, signal).finally(close);
}

/** Connections of one agent, and a name that its next life will have again. */
function openFor(url: string, name: Group, config: Config) {
  const commands = connect(url, `arena-${name}`);
  const blocking = connect(url, `arena-${name}-feed`);
  const close = () => {
    commands.disconnect();
    blocking.disconnect();
  };
  return { commands, blocking, consumer: consumerName(config), close };
}

const calm: ReadonlySet<string> = new Set(['claimed', 'lost', 'retry']);

function reportTo(log: Logger): Report {
  return (what, detail) => (calm.has(what) ? log.info(detail, what) : log.warn(detail, what));
}
