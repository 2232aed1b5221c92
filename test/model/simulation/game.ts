// One whole game from one seed: the real core, agents and engine on the log in memory, in processes that die,
// stand still, lose replies and have wrong clocks; and what is wrong with it in the end, judged by its log.

import { createHash } from 'node:crypto';
import { noBudget } from '../../../agents/budget.ts';
import { embeddedClaim } from '../../../agents/embedded.ts';
import { createGameMaster } from '../../../agents/game-master.ts';
import { createThinkers, type Thinkers } from '../../../agents/thinkers.ts';
import type { Game } from '../../../core/game.ts';
import { RoomCode } from '../../../core/ids.ts';
import { gameStream } from '../../../server/wiring/game-stream.ts';
import { createCommandHandler } from '../../../streams/handle/command-handler.ts';
import type { Agent } from '../../../streams/parts.ts';
import { createMemoryLog, type DeadLetter, type MemoryLog } from '../../../streams/testing.ts';
import { createRandom, type Random } from '../../faults/random.ts';
import { checkHistory, type Promised } from '../../support/check-history.ts';
import { createSquares } from '../../support/known-facts.ts';
import { createGroup, type Group } from './consumers.ts';
import { host, player, type Server, type Town } from './people.ts';
import {
  createLife,
  createSchedule,
  type Life,
  noTroubles,
  type Schedule,
  type Troubles,
} from './schedule.ts';
import { seedBytes } from './seeded-bytes.ts';
import { simulatedLog } from './simulated-log.ts';

export interface Simulated {
  readonly seed: number;
  /** SHA-256 of every turn and every event. */
  readonly hash: string;
  /** Empty where the game is sound. */
  readonly problems: readonly string[];
  readonly turns: number;
  readonly deaths: number;
  readonly events: number;
  readonly trace: readonly string[];
}

const room = RoomCode.parse('SEEDED');
const agentNames = ['researcher', 'writer', 'editor', 'game-master'] as const;
type AgentName = (typeof agentNames)[number];

/** `traced`: keeps the turns, to be read. */
export async function simulate(seed: number, traced = false): Promise<Simulated> {
  const random = createRandom(seed);
  const restore = seedBytes(random);
  const hash = createHash('sha256');
  const trace: string[] = [];
  const note = (line: string) => {
    hash.update(line).update('\n');
    if (traced) trace.push(line);
  };
  const stage = setStage(random, note);
  const problems: string[] = [];
  try {
    await play(stage);
  } catch (error) {
    problems.push(String(error));
  } finally {
    restore();
  }
  const log = await stage.memory.read(room, 0, Number.POSITIVE_INFINITY);
  for (const event of log) note(JSON.stringify(event));
  problems.push(...stage.bugs, ...checkHistory({ log, acknowledged: stage.promised }));
  problems.push(...firedTwice(stage.memory));
  problems.push(...stage.deadLetters.map(({ group, reason, message }) => `${group}: ${reason}, ${message}`));
  const { turns } = stage.schedule;
  return { seed, hash: hash.digest('hex'), problems, turns, deaths: stage.deaths, events: log.length, trace };
}

/** A timer that is set again has another moment. */
function firedTwice({ feed }: MemoryLog<Game>): string[] {
  const fired = feed.flatMap(({ what }) => (what.kind === 'timer' ? [`${what.name} of ${what.dueAt}`] : []));
  const again = fired.filter((one, at) => fired.indexOf(one) !== at);
  return again.map((one) => `the timer ${one} fired twice`);
}

interface Stage {
  readonly random: Random;
  readonly schedule: Schedule;
  readonly memory: MemoryLog<Game>;
  readonly groups: readonly Group[];
  readonly nextId: () => string;
  readonly promised: Promised[];
  readonly deadLetters: DeadLetter[];
  readonly bugs: string[];
  /** Of the store's clock, in ms beside the schedule's. */
  storeOffset: number;
  deaths: number;
}

function setStage(random: Random, note: (line: string) => void): Stage {
  const memory = createMemoryLog(gameStream);
  const deadLetters: DeadLetter[] = [];
  const bugs: string[] = [];
  const bug = (error: unknown) => void bugs.push(`a bug: ${String(error)}`);
  const nextMoment = () =>
    Math.min(...[...memory.timers.values()].filter((at) => at > memory.clock.now)) - stage.storeOffset;
  const schedule = createSchedule({ random, nextMoment, note });
  const groups = agentNames.map((name) => createGroup({ name, memory, schedule, random, deadLetters, bug }));
  let ids = 0;
  const nextId = () => `0${String(++ids).padStart(25, '0')}`;
  const lists = { promised: [], deadLetters, bugs };
  const stage: Stage = { random, schedule, memory, groups, nextId, ...lists, storeOffset: 0, deaths: 0 };
  return stage;
}

async function play(stage: Stage): Promise<void> {
  const { random, schedule, memory, groups, nextId, promised } = stage;
  let server: Server | null = null;
  let over = false;
  const reborn = (name: string, begin: (life: Life) => void) => keepAlive(stage, name, begin);
  reborn('server', (life) => {
    const log = simulatedLog(memory, schedule, life);
    server = { life, rooms: createCommandHandler(log, gameStream, nextId) };
    const { onDeath } = life;
    life.onDeath = () => {
      server = null;
      onDeath();
    };
  });
  const masters: Life[] = [];
  for (const group of groups) {
    for (let slot = 1; slot <= random.between(1, 2); slot += 1) {
      reborn(`${group.name}-${slot}`, (life) => {
        if (group.name === 'game-master') masters.push(life);
        employ(stage, group, life);
      });
    }
  }
  const finished = () => {
    over = true;
  };
  const town: Town = { schedule, random, room, nextId, promised, finished, server: () => server };
  const names = ['Ada', 'Bo', 'Cy', 'Di'].slice(0, random.between(1, 4));
  const people = [host(town, names.length), ...names.map((name) => player(town, name))];
  let busy = people.length;
  for (const one of people) {
    const done = () => {
      busy -= 1;
    };
    one.catch((error: unknown) => stage.bugs.push(`a person: ${String(error)}`)).finally(done);
  }
  const before = () => {
    memory.clock.now = schedule.now + stage.storeOffset;
    for (const group of groups) group.offer();
    offerTimers(stage, masters);
  };
  schedule.troubles = troublesFrom(random);
  await schedule.run(() => over || stage.bugs.length > 0, before);
  // All is well from here on, so that everything has to come to its end.
  schedule.troubles = noTroubles;
  await schedule.run(() => busy === 0 && groups.every((group) => group.isIdle()), before);
}

/** A third of all games meets no trouble but the order of things. */
function troublesFrom(random: Random): Troubles {
  if (random.next() < 0.33) return { ...noTroubles, late: random.between(0, 30) };
  return {
    dies: random.between(0, 15),
    away: random.between(0, 20),
    stalls: random.between(0, 10),
    late: random.between(0, 50),
  };
}

/** Begins a process, and another one in its place whenever it has died. */
function keepAlive(stage: Stage, name: string, begin: (life: Life) => void): void {
  const { schedule, random } = stage;
  const life = createLife(name);
  begin(life);
  const { onDeath } = life;
  life.onDeath = () => {
    onDeath();
    stage.deaths += 1;
    void schedule.sleep(null, random.between(50, 6_000)).then(() => keepAlive(stage, name, begin));
  };
}

const offered = new WeakSet<Life>();

/** Any game master fires what is due; one that dies before leaves it to the others. */
function offerTimers({ memory, schedule }: Stage, masters: readonly Life[]): void {
  const isDue = [...memory.timers.values()].some((at) => at <= memory.clock.now);
  if (!isDue) return;
  for (const life of masters) {
    if (life.dead || offered.has(life)) continue;
    offered.add(life);
    schedule.offer(life, 'fires timers', () => {
      offered.delete(life);
      memory.fireTimers();
    });
  }
}

/** Gives a process its agent, with a memory of its own. */
function employ(stage: Stage, group: Group, life: Life): void {
  const { memory, schedule, random, nextId } = stage;
  const log = simulatedLog(memory, schedule, life);
  const handler = createCommandHandler(log, gameStream, nextId);
  const offsetMs = random.between(-60_000, 60_000);
  const clock = () => schedule.now + offsetMs;
  group.add({ life, agent: agentFor(stage, group.name as AgentName, clock), log, handler, offsetMs });
  // Now and then another server of the store takes over, whose clock is wrong.
  if (random.next() < 0.05) stage.storeOffset = random.between(-3_000, 3_000);
}

function agentFor({ random, nextId, memory }: Stage, name: AgentName, clock: () => number): Agent<Game> {
  const knowledge = createSquares();
  const { next: chance } = random;
  if (name !== 'game-master') return thinkersOn(knowledge, { clock, random: chance })[name];
  return createGameMaster({
    presence: {
      async look() {
        const { state } = await createCommandHandler(memory, gameStream).load(room);
        const players = state.phase === 'none' ? [] : [...state.players.keys()];
        return { connected: new Set(players.filter(() => chance() < 0.9)), silentMs: 0 };
      },
    },
    topics: knowledge.topics(),
    chance,
    nextId,
    retracted: async () => new Set(),
    embedded: (wish) => embeddedClaim(knowledge, { ...wish, random: chance }, clock),
  });
}

const embedded = { provider: 'embedded', model: '' } as const;

/** The thinking agents as they are wired, without models. */
function thinkersOn(
  knowledge: ReturnType<typeof createSquares>,
  edges: { readonly clock: () => number; readonly random: () => number },
): Thinkers {
  const config = {
    researcher: embedded,
    writer: embedded,
    editor: embedded,
    ollamaUrl: '',
    openaiApiKey: null,
    openaiBaseUrl: null,
    timeoutMs: 5_000,
    confidenceMin: 0.5,
    prices: {},
    budget: noBudget,
  };
  const recall = {
    sift: async <C>(candidates: readonly C[]) => [...candidates],
    askedAbout: async () => [],
    retracted: async () => new Set<string>(),
  };
  const spent = { tokens: 0, usd: 0 };
  const ledger = { add: async () => undefined, today: async () => spent as never };
  return createThinkers(config, knowledge, { ...edges, recall, ledger });
}
