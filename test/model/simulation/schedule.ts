// Which of many processes takes the next step, and what happens to it: drawn from a seed. Processes are
// promises in this one; each stands still at every call to the outside until its turn comes, so nothing
// happens at the same time, and in one order alone.

import { Fault } from '../../../streams/engine.ts';
import type { Random } from '../../faults/random.ts';

/** One life of a process. What it still awaits after its death never comes. */
export interface Life {
  readonly name: string;
  dead: boolean;
  /** Resolves at its death. */
  readonly over: Promise<'died'>;
  /** Told once, at its death; and when it stands still for longer than a lease. */
  onDeath(): void;
  onStall(): void;
}

/** How often in 1,000 steps. */
export interface Troubles {
  readonly dies: number;
  readonly away: number;
  readonly stalls: number;
  readonly late: number;
}

export const noTroubles: Troubles = { dies: 0, away: 0, stalls: 0, late: 0 };

type How = 'goes' | 'dies before' | 'dies after' | 'away before' | 'away after';

interface Turn {
  readonly life: Life | null;
  readonly said: string;
  /** Steps of people and of the schedule itself meet no trouble. */
  readonly safe: boolean;
  go(how: How): void;
}

interface Sleeper {
  readonly life: Life | null;
  readonly at: number;
  readonly order: number;
  wake(): void;
}

export interface Schedule {
  /** The moment now, in ms. */
  readonly now: number;
  troubles: Troubles;
  /** Work of a process that is seen from outside, such as a call of the log. */
  step<T>(life: Life, said: string, work: () => T | Promise<T>): Promise<T>;
  /** Offers work that a process would begin by itself; it meets no trouble. */
  offer(life: Life | null, said: string, work: () => void): void;
  sleep(life: Life | null, ms: number): Promise<void>;
  /** Calls after `ms`, unless the result is called before. */
  alarm(life: Life | null, ms: number, call: () => void): () => void;
  kill(life: Life): void;
  /** Takes turns until `isOver`; throws where nothing is left to do before, or after too many of them. */
  run(isOver: () => boolean, before: () => void): Promise<void>;
  readonly turns: number;
}

const turnsMax = 60_000;
const never = (): Promise<never> => new Promise(() => undefined);
// All that follows from a step without another step has happened by then: it is promises alone.
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

export function createLife(name: string): Life {
  const { promise, resolve } = Promise.withResolvers<'died'>();
  const nothing = () => undefined;
  return { name, dead: false, over: promise, onDeath: () => resolve('died'), onStall: nothing };
}

interface Queues extends Given {
  readonly schedule: Schedule & { now: number; turns: number };
  ready: Turn[];
  sleepers: Sleeper[];
  order: number;
}

interface Given {
  readonly random: Random;
  /** When something else is due. */
  readonly nextMoment: () => number;
  /** Told each turn. */
  readonly note: (line: string) => void;
}

export function createSchedule(given: Given): Schedule {
  const queues: Queues = {
    ...given,
    ready: [],
    sleepers: [],
    order: 0,
    schedule: {
      now: 1_000_000,
      turns: 0,
      troubles: noTroubles,
      async step(life, said, work) {
        if (life.dead) return never();
        const how = await new Promise<How>((go) => queues.ready.push({ life, said, safe: false, go }));
        if (how === 'dies before') return never();
        if (how === 'away before') throw away(said);
        const result = await work();
        if (how === 'dies after') return never();
        if (how === 'away after') throw away(said);
        return result;
      },
      offer: (life, said, work) => void queues.ready.push({ life, said, safe: true, go: work }),
      async sleep(life, ms) {
        if (life?.dead === true) return never();
        await new Promise<void>((wake) => void alarm(queues, life, ms, wake));
      },
      alarm: (life, ms, wake) => alarm(queues, life, ms, wake),
      kill: (life) => kill(queues, life),
      run: (isOver, before) => run(queues, isOver, before),
    },
  };
  return queues.schedule;
}

function alarm(queues: Queues, life: Life | null, ms: number, wake: () => void): () => void {
  queues.order += 1;
  const one = { life, at: queues.schedule.now + ms, order: queues.order, wake };
  queues.sleepers.push(one);
  return () => {
    queues.sleepers = queues.sleepers.filter((other) => other !== one);
  };
}

function kill(queues: Queues, life: Life): void {
  life.dead = true;
  queues.ready = queues.ready.filter((turn) => turn.life !== life);
  queues.sleepers = queues.sleepers.filter((sleeper) => sleeper.life !== life);
  queues.note(`${queues.schedule.now} ${life.name} dies`);
  life.onDeath();
}

async function run(queues: Queues, isOver: () => boolean, before: () => void): Promise<void> {
  const { schedule } = queues;
  const end = schedule.turns + turnsMax;
  for (;;) {
    before();
    if (isOver()) return;
    if (schedule.turns > end) throw new Error(`no end after ${turnsMax} turns`);
    if (queues.ready.length === 0 || isNow(queues, 'late')) passTime(queues);
    else take(queues);
    await settled();
  }
}

const isNow = ({ random, schedule }: Queues, what: keyof Troubles): boolean =>
  random.between(1, 1_000) <= schedule.troubles[what];

function passTime(queues: Queues): void {
  const { random, schedule, nextMoment } = queues;
  const soonest = Math.min(nextMoment(), ...queues.sleepers.map(({ at }) => at));
  if (soonest === Number.POSITIVE_INFINITY) {
    if (queues.ready.length > 0) return;
    throw new Error('nothing is left to do, and it has not come to its end');
  }
  const overslept = isNow(queues, 'late') ? random.between(0, 5_000) : 0;
  schedule.now = Math.max(schedule.now, soonest) + overslept;
  const due = queues.sleepers.filter(({ at }) => at <= schedule.now);
  queues.sleepers = queues.sleepers.filter(({ at }) => at > schedule.now);
  due.sort((a, b) => a.at - b.at || a.order - b.order);
  for (const { wake } of due) wake();
}

function take(queues: Queues): void {
  const { random, schedule, ready, note } = queues;
  const at = random.between(0, ready.length - 1);
  const turn = ready[at] as Turn;
  const last = ready.pop() as Turn;
  if (last !== turn) ready[at] = last;
  schedule.turns += 1;
  const { life } = turn;
  const how = turn.safe || life === null ? 'goes' : fateOf(queues, turn, life);
  if (how === null) return;
  note(`${schedule.now} ${life?.name ?? ''} ${turn.said} ${how === 'goes' ? '' : how}`);
  turn.go(how);
  if (life === null) return;
  if (how === 'dies before') kill(queues, life);
  // What it did just now still counts; it does no more.
  if (how === 'dies after') queueMicrotask(() => kill(queues, life));
}

/** Null: the process stands still, and this step comes later. */
function fateOf(queues: Queues, turn: Turn, life: Life): How | null {
  const { random, schedule, note } = queues;
  if (isNow(queues, 'stalls')) {
    note(`${schedule.now} ${life.name} stands still`);
    life.onStall();
    const own = queues.ready.filter((other) => other.life === life);
    queues.ready = queues.ready.filter((other) => other.life !== life);
    alarm(queues, life, random.between(1_000, 20_000), () => queues.ready.push(turn, ...own));
    return null;
  }
  const side = random.next() < 0.5 ? 'before' : 'after';
  if (isNow(queues, 'dies')) return `dies ${side}`;
  return isNow(queues, 'away') ? `away ${side}` : 'goes';
}

const away = (said: string): Fault => new Fault('unavailable', `no reply to ${said}`, { retryable: true });
