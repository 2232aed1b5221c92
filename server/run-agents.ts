// Composition root of the agents: any subset in one process, each on connections of its own. Ends by the
// signal, in reverse, with nothing pending that another process could not take at once.

import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { embeddedClaim, type Knowledge, withoutRetracted } from '../agents/embedded.ts';
import { createGameMaster, type Surroundings } from '../agents/game-master.ts';
import { createKnowledge } from '../agents/knowledge/knowledge.ts';
import { createThinkers } from '../agents/thinkers.ts';
import type { Author } from '../core/events.ts';
import type { RoomCode } from '../core/ids.ts';
import { assertLimits } from '../core/limits.ts';
import { type Agent, type EventLog, isAway, type Rooms } from '../core/ports.ts';
import type { Telemetry } from '../core/telemetry.ts';
import { createMemoryKeeper } from '../projections/memory-keeper.ts';
import { createProjector } from '../projections/projector.ts';
import { ringAlarms } from '../streams/alarms.ts';
import { runBatchConsumer } from '../streams/batch-consumer.ts';
import type { Valkey } from '../streams/connection.ts';
import { runConsumer } from '../streams/consumer.ts';
import { createDocuments } from '../streams/documents.ts';
import { createEventLog } from '../streams/event-log.ts';
import { tellEvents } from '../streams/event-spans.ts';
import { createFeed, type Pointer } from '../streams/feed.ts';
import { createGate } from '../streams/gate.ts';
import { createHallOfFame } from '../streams/hall-of-fame.ts';
import { keepHouse } from '../streams/housekeeping.ts';
import type { Group, Keys } from '../streams/keys.ts';
import { createLedger } from '../streams/ledger.ts';
import { createRetractions } from '../streams/memory.ts';
import { observedLog } from '../streams/observed-log.ts';
import { createPresence } from '../streams/presence.ts';
import type { Report } from '../streams/report.ts';
import { createRooms } from '../streams/rooms.ts';
import type { RunDeps } from '../streams/run-entry.ts';
import { createSlots } from '../streams/slots.ts';
import type { Store } from '../streams/store.ts';
import { newTraceparent } from '../streams/trace.ts';
import type { Config } from './config.ts';
import { saidOfBudget } from './configured-budget.ts';
import { createLog } from './log.ts';
import { openMemory, openRecall } from './memory.ts';
import { ofMachine } from './operate/groups.ts';
import type { OwnAgent } from './own-agent.ts';
import { runTogether } from './run-together.ts';
import { storeFor } from './store.ts';
import { openTelemetry, type Service } from './telemetry/open.ts';
import { tellFigures } from './telemetry/tell-figures.ts';
import { valkeyUrl } from './valkey-url.ts';
import { version } from './version.ts';

/** What one agent needs to run: the parts that all of them share, and where it says what it does. */
interface Stage {
  readonly config: Config;
  readonly store: Store;
  readonly log: Logger;
  readonly telemetry: Telemetry;
  readonly signal: AbortSignal;
}

/**
 * Runs the agents named, and those of one's own, until the signal; resolves when all of them have drained,
 * rejects for a bug.
 */
export async function runAgents(
  config: Config,
  names: readonly Group[],
  signal: AbortSignal,
  own: readonly OwnAgent[] = [],
): Promise<void> {
  assertLimits();
  const url = await valkeyUrl(config);
  const all = [...names, ...own.map(({ name }) => name)];
  const log = createLog(config.log, url).child({ agents: all.join() });
  const store = await storeFor(url, signal, log);
  if (store === null) return;
  const service = serviceOf(config, all);
  const telemetry = await openTelemetry(config.telemetry, service, log);
  const stage = { config, store, log, telemetry };
  const knowledge = createKnowledge();
  const agents = createAgents(stage, knowledge);
  await runTogether(signal, (until) => {
    const at = { ...stage, signal: until };
    const running = [
      ...names.map((name) =>
        name === 'projector'
          ? runProjector(at)
          : runAgent(at, { group: name, by: name, create: agents[name] }),
      ),
      ...own.map((agent) =>
        runAgent(at, { group: agent.name, by: `own:${agent.name}`, create: () => ownOf(agent) }),
      ),
    ];
    log.info('agents are ready');
    const said = saidOfBudget(config.models, all);
    if (said !== null) log.info(said);
    const { registry } = telemetry;
    const name = `${service.name} ${service.instance}`;
    // A source takes up to a second to load, and no question should wait for it.
    const warming = names.includes('game-master') ? [knowledge.loadAll(until)] : [];
    return [...running, ...warming, tellFigures({ store, name, registry }, until)];
  })
    .finally(telemetry.close)
    .finally(store.close);
}

function serviceOf(config: Config, names: readonly string[]): Service {
  const [only] = names;
  const name = names.length === 1 && only !== undefined ? `arena-${only}` : 'arena-agents';
  return { name, version, instance: consumerName(config) };
}

/** The same in the next life of a process that has a slot. */
const consumerName = ({ agents }: Config): string => `${ofMachine(hostname())}${agents.slot ?? process.pid}`;

type Agents = Readonly<Record<Exclude<Group, 'projector'>, (commands: Valkey) => Agent>>;

/** Knowledge is loaded when it is first asked, so an agent that never asks costs nothing. */
function createAgents({ config, store, log, telemetry }: Omit<Stage, 'signal'>, plain: Knowledge): Agents {
  const random = Math.random;
  const clock = () => performance.now();
  const thinkersOn = (commands: Valkey) => {
    const recall = openRecall(config, { commands, keys: store.keys }, (error) =>
      log.warn({ error: String(error) }, 'blind'),
    );
    const knowledge = withoutRetracted(plain, recall.retracted);
    const ledger = createLedger(commands, store.keys);
    const observing = { ...telemetry, content: config.telemetry.content };
    return createThinkers(config.models, knowledge, { clock, random, recall, ledger, observing });
  };
  return {
    researcher: (commands) => thinkersOn(commands).researcher,
    writer: (commands) => thinkersOn(commands).writer,
    editor: (commands) => thinkersOn(commands).editor,
    'game-master': (commands) => createGameMaster(surroundingsOn(commands, store.keys, plain)),
  };
}

/** What a game master, or a host who goes on by hand, knows beyond the log. */
export function surroundingsOn(commands: Valkey, keys: Keys, plain: Knowledge): Surroundings {
  const random = Math.random;
  const { among } = createRetractions(commands, keys);
  // On a cluster they may be on a node that is away. A claim that was taken back is asked then, rather than
  // that the games of all other nodes stand still.
  const retracted = (factKeys: readonly string[]) =>
    among(factKeys).catch((error: unknown) => {
      if (isAway(error)) return new Set<string>();
      throw error;
    });
  const knowledge = withoutRetracted(plain, retracted);
  return {
    presence: createPresence(commands, keys),
    topics: knowledge.topics(),
    chance: random,
    retracted,
    embedded: (wish) => embeddedClaim(knowledge, { ...wish, random }),
  };
}

const ownOf = (agent: OwnAgent): Agent => ({
  group: agent.name,
  wakes: new Set(agent.wakes),
  alarms: false,
  // Called as a method: whoever wrote it may keep something beside it.
  handle: (task) => agent.handle(task),
});

interface Employed {
  readonly group: string;
  /** Who its events are by. */
  readonly by: Author;
  readonly create: (commands: Valkey) => Agent;
}

/** One consumer for each partition; what they handle at once is counted together. */
function runAgent(
  { config, store, log, telemetry, signal }: Stage,
  { group, by, create }: Employed,
): Promise<void> {
  const commands = store.connect(`arena-${group}`);
  const eventLog = observedLog(createEventLog(commands, store.keys), telemetry);
  const rooms = createRooms(eventLog);
  const report = reportTo(log.child({ agent: group }));
  const consumer = consumerName(config);
  const shared = {
    agent: create(commands),
    group,
    by,
    consumer,
    commands,
    gate: createGate(),
    slots: createSlots(config.agents.concurrency),
    handlerMsMax: config.agents.handlerMsMax,
    log: eventLog,
    rooms,
    chance: Math.random,
    clock: Date.now,
    report,
    telemetry,
    burying: group === 'game-master' ? pauseBeforeBurial(eventLog, rooms, report) : async () => undefined,
  };
  return runTogether(signal, (until) =>
    store.keys.partitions.flatMap((keys) => {
      const line = store.line(keys, commands, `arena-${group}-feed`);
      const feed = createFeed({ line, commands, keys, group, consumer });
      const running = [runConsumer({ ...shared, keys, feed }, until).finally(line.end)];
      if (group !== 'game-master') return running;
      const idle = store.idle(keys);
      running.push(ringAlarms(commands, keys, { idle, signal: until, chance: Math.random }));
      running.push(keepHouse(commands, keys, { signal: until, report }));
      return running;
    }),
  ).finally(() => commands.disconnect());
}

/** A game must not hang on an entry that is given up: it is paused, as an event, until a host goes on. */
function pauseBeforeBurial(eventLog: EventLog, rooms: Rooms, report: Report): RunDeps['burying'] {
  return async ({ room }) => {
    const context = { by: 'game-master', traceparent: newTraceparent() } as const;
    try {
      const now = await eventLog.now(room);
      await rooms.handle(room, () => ({ type: 'pauseGame', reason: 'fault', now }), context);
    } catch (error) {
      if (isAway(error)) throw error;
      // A log that cannot be read cannot be paused either; the dead letter says so.
      report('not_paused', { room, error: String(error) });
    }
  };
}

function runProjector({ config, store, log, telemetry, signal }: Stage): Promise<void> {
  const group = 'projector';
  const { keys } = store;
  const commands = store.connect(`arena-${group}`);
  const eventLog = createEventLog(commands, keys);
  const keepMemory = createMemoryKeeper({
    ...openMemory(config, { commands, keys }),
    clock: () => performance.now(),
    onWaiting: (room, error) => log.warn({ room, error: String(error) }, 'not_remembered_yet'),
  });
  const hall = createHallOfFame(commands, keys);
  const project = createProjector(eventLog, createDocuments(commands, keys), { keepMemory, hall });
  const tell = tellEvents(eventLog, telemetry.tracer, group);
  const consumer = consumerName(config);
  const shared = {
    commands,
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
  return runTogether(signal, (until) =>
    keys.partitions.map((partition) => {
      const line = store.line(partition, commands, `arena-${group}-feed`);
      const feed = createFeed({ line, commands, keys: partition, group, consumer });
      return runBatchConsumer({ ...shared, keys: partition, feed }, until).finally(line.end);
    }),
  ).finally(() => commands.disconnect());
}

const levels: Readonly<Partial<Record<Parameters<Report>[0], 'debug' | 'info'>>> = {
  handled: 'debug',
  claimed: 'info',
  lost: 'info',
  retry: 'info',
};

function reportTo(log: Logger): Report {
  return (what, detail) => log[levels[what] ?? 'warn'](detail, what);
}
