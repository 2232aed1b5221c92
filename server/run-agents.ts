// Composition root of the agents: any of them in one process, each on connections of its own. At the
// signal each finishes or gives back what it has in hand, so that another process can take it at once.

import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { type Knowledge, withoutRetracted } from '../agents/embedded.ts';
import { createGameMaster } from '../agents/game-master.ts';
import { createKeepUp } from '../agents/keep-up.ts';
import { createKnowledge } from '../agents/knowledge/knowledge.ts';
import { createThinkers } from '../agents/thinkers.ts';
import type { Author } from '../core/events.ts';
import { type Game, type Group, groups } from '../core/game.ts';
import { createMemoryKeeper } from '../projections/memory-keeper.ts';
import { createProjector } from '../projections/projector.ts';
import { isAway, type Report } from '../streams/engine.ts';
import {
  type Agent,
  keepStream,
  newTraceparent,
  type Pointer,
  runAgent,
  runProjector,
  runTogether,
  type Valkey,
} from '../streams/parts.ts';
import type { Config } from './config/config.ts';
import { saidOfBudget } from './config/configured-budget.ts';
import { ofMachine } from './operate/groups.ts';
import { createBoardStore } from './stores/boards.ts';
import { createDocuments } from './stores/documents.ts';
import { createGameKeys } from './stores/keys.ts';
import { createLedger } from './stores/ledger.ts';
import { measurePreparation } from './telemetry/round-preparation.ts';
import { tellFigures } from './telemetry/tell-figures.ts';
import { type OpenedGame, openGame } from './wiring/game-stream.ts';
import { openMemory, openRecall } from './wiring/memory.ts';
import type { OwnAgent } from './wiring/own-agent.ts';
import { surroundingsOn } from './wiring/surroundings.ts';
import { type Ground, type Program, withStore } from './wiring/with-store.ts';

/** What one agent needs to run: the parts that all of them share. */
interface Stage extends Pick<Ground, 'store' | 'log' | 'telemetry'> {
  readonly config: Config;
  readonly consumerOf: (agent: string) => string;
  readonly signal: AbortSignal;
}

/**
 * Runs the built-in agents in `names` and those that users wrote, `own`, until the signal. Resolves when
 * all of them have drained, rejects for a bug.
 */
export async function runAgents(
  config: Config,
  names: readonly Group[],
  signal: AbortSignal,
  own: readonly OwnAgent[] = [],
): Promise<void> {
  const all = [...names, ...own.map(({ name }) => name)];
  await withStore(config, programOf(config, all), signal, async ({ store, log, telemetry, service }) => {
    const consumerOf = (agent: string) => consumerName(config, all.length === 1 ? null : agent);
    const stage = { config, store, log, telemetry, consumerOf };
    const knowledge = createKnowledge();
    const agents = createAgents(stage, knowledge);
    const said = saidOfBudget(config.models, all);
    await runTogether(signal, (until) => {
      const at = { ...stage, signal: until };
      const running = [
        ...names.map((name) =>
          name === 'projector'
            ? runProjectorOf(at)
            : runAgentOf(at, { group: name, by: name, create: agents[name] }),
        ),
        ...own.map((agent) =>
          runAgentOf(at, { group: agent.name, by: `own:${agent.name}`, create: () => ownOf(agent) }),
        ),
      ];
      log.info('agents are ready');
      if (said !== null) log.info(said);
      const { registry, shortfalls } = telemetry;
      const name = `${service.name} ${service.instance}`;
      // A source takes up to a tenth of a second to load, and no question of a game that goes on should
      // wait for it.
      const warming = names.includes('game-master') ? [knowledge.loadAllOnceAsked(until)] : [];
      return [...running, ...warming, tellFigures({ store, name, registry, shortfalls }, until)];
    });
  });
}

/** A process with a single agent is named after it. */
function programOf(config: Config, names: readonly string[]): Program {
  const [only] = names;
  const name = names.length === 1 && only !== undefined ? `arena-${only}` : 'arena-agents';
  return { name, instance: consumerName(config), replicated: false, marks: { agents: names.join() } };
}

/**
 * Under ARENA_SLOT a process that is started again has the same name, and finds its own pending entries.
 * Of several agents in one process each has a name of its own, the one that it has in a process for
 * itself at `arena up` of 0.1.0.
 */
const consumerName = ({ agents: { slot } }: Config, agent: string | null = null): string =>
  `${ofMachine(hostname())}${agent === null ? '' : `${agent}-`}${slot ?? process.pid}`;

type Agents = Readonly<Record<Exclude<Group, 'projector'>, (opened: OpenedGame) => Agent<Game>>>;

/** Knowledge is loaded when it is first asked, so an agent that never asks costs nothing. */
function createAgents({ config, store, log, telemetry }: Omit<Stage, 'signal'>, plain: Knowledge): Agents {
  const random = Math.random;
  const clock = () => performance.now();
  const keys = createGameKeys(store);
  const { tell } = telemetry.shortfalls;
  const thinkersOn = (commands: Valkey) => {
    const recall = openRecall(config, { commands, keys, tell }, (error) =>
      log.warn({ error: String(error) }, 'blind'),
    );
    const knowledge = withoutRetracted(plain, recall.retracted);
    const ledger = createLedger(commands, keys);
    const observing = { ...telemetry, content: config.telemetry.content };
    return createThinkers(config.models, knowledge, { clock, random, recall, ledger, observing });
  };
  return {
    researcher: ({ commands }) => thinkersOn(commands).researcher,
    writer: ({ commands }) => thinkersOn(commands).writer,
    editor: ({ commands }) => thinkersOn(commands).editor,
    'game-master': ({ commands, handler }) =>
      createGameMaster(surroundingsOn(commands, keys, plain), createKeepUp(handler.load)),
  };
}

const ownOf = (agent: OwnAgent): Agent<Game> => ({
  group: agent.name,
  wakes: new Set(agent.wakes),
  timers: false,
  // Called as a method, so that `this` is the object its author wrote.
  handle: (task) => agent.handle(task),
});

interface Employed {
  readonly group: string;
  /** The author of its events. */
  readonly by: Author;
  readonly create: (opened: OpenedGame) => Agent<Game>;
}

function runAgentOf(
  { config, store, log, telemetry, consumerOf, signal }: Stage,
  { group, by, create }: Employed,
): Promise<void> {
  const onCommit = measurePreparation(telemetry.meter);
  const opened = openGame(store, { name: `arena-${group}`, telemetry, onCommit });
  const report = reportTo(log.child({ agent: group }));
  const { concurrency, handlerMsMax } = config.agents;
  const options = { by, consumer: consumerOf(group), concurrency, handlerMsMax, report };
  const isMaster = group === 'game-master';
  return runTogether(signal, (until) => [
    runAgent(
      opened,
      create(opened),
      isMaster ? { ...options, beforeDeadLetter: pauseFirst(opened, report) } : options,
      until,
    ),
    ...(isMaster ? [keepStream(opened, { groups, report }, until)] : []),
  ]).finally(opened.close);
}

/**
 * Before the game master gives an entry up, the game is paused by an event, so that a host can go on
 * with it.
 */
function pauseFirst({ log, handler }: OpenedGame, report: Report) {
  return async ({ stream: room }: Pointer<Game>): Promise<void> => {
    const context = { by: 'game-master', traceparent: newTraceparent() } as const;
    try {
      const now = await log.now(room);
      await handler.handle(room, () => ({ type: 'pauseGame', reason: 'fault', now }), context);
    } catch (error) {
      if (isAway(error)) throw error;
      // A game whose log cannot be read cannot be paused either. Its dead letter says why.
      report('not_paused', { stream: room, error: String(error) });
    }
  };
}

function runProjectorOf({ config, store, log, telemetry, consumerOf, signal }: Stage): Promise<void> {
  const group = 'projector';
  const opened = openGame(store, { name: `arena-${group}`, telemetry });
  const { commands, keys } = opened;
  const { tell } = telemetry.shortfalls;
  const keepMemory = createMemoryKeeper({
    ...openMemory(config, { commands, keys, tell }),
    clock: () => performance.now(),
    onWaiting: (room, error) => log.warn({ room, error: String(error) }, 'not_remembered_yet'),
  });
  const boardStore = createBoardStore(commands, keys);
  const documents = createDocuments(commands, keys, { tell });
  const work = createProjector(opened.log, documents, { keepMemory, boardStore });
  const running = { consumer: consumerOf(group), report: reportTo(log.child({ agent: group })) };
  return runProjector(opened, { group, work }, running, signal).finally(opened.close);
}

const levels: Readonly<Partial<Record<Parameters<Report>[0], 'debug' | 'info'>>> = {
  handled: 'debug',
  claimed: 'info',
  lost: 'info',
  retry: 'info',
};

/** The engine reports streams. Here each stream is a room, and the log calls it so. */
function reportTo(log: Logger): Report {
  return (what, { stream, ...detail }) =>
    log[levels[what] ?? 'warn'](stream === undefined ? detail : { room: stream, ...detail }, what);
}
