// Consumer groups on the log in memory: entries go to one process of the group, come again to another one
// when that has died or stood still, and run by the engine's own code.

import type { Author } from '../../../core/events.ts';
import type { Game } from '../../../core/game.ts';
import type { RoomCode } from '../../../core/ids.ts';
import { gameStream } from '../../../server/wiring/game-stream.ts';
import type { Attempts } from '../../../streams/consume/attempts.ts';
import { createExclusion, type Exclusion } from '../../../streams/consume/exclusion.ts';
import { orAborted } from '../../../streams/consume/or-aborted.ts';
import { type RunDeps, runEntry } from '../../../streams/consume/run-entry.ts';
import { concerns } from '../../../streams/consume/task.ts';
import { Fault, isAway } from '../../../streams/engine.ts';
import type { Agent, CommandHandler, EventLog, Pointer } from '../../../streams/parts.ts';
import { newTraceparent, noTelemetry } from '../../../streams/parts.ts';
import { createMemoryAttempts } from '../../../streams/testing/memory-attempts.ts';
import type { DeadLetter, MemoryLog } from '../../../streams/testing.ts';
import type { Random } from '../../faults/random.ts';
import type { Life, Schedule } from './schedule.ts';
import { simulatedAttempts } from './simulated-log.ts';

type Entry = Pointer<Game>;

/** A process with an agent in it. */
export interface Worker {
  readonly life: Life;
  readonly agent: Agent<Game>;
  readonly log: EventLog<Game>;
  readonly handler: CommandHandler<Game>;
  /** By how much its clock is wrong, in ms. */
  readonly offsetMs: number;
}

interface Hand {
  readonly entry: Entry;
  readonly abort: AbortController;
}

export interface Group {
  readonly name: string;
  /** Offers each worker that has a hand free its next entry. */
  offer(): void;
  add(worker: Worker): void;
  /** Whether everything that the feed has was handled. */
  isIdle(): boolean;
}

export interface GroupOptions {
  readonly name: string;
  readonly memory: MemoryLog<Game>;
  readonly schedule: Schedule;
  readonly random: Random;
  readonly deadLetters: DeadLetter[];
  /** Told what no process should ever come to. */
  readonly bug: (error: unknown) => void;
}

const handsMax = 2;

/** `left`: given before, and not acknowledged by those that had them. `taken`: so many were given once. */
interface State extends GroupOptions {
  left: Entry[];
  taken: number;
  readonly attempts: Attempts;
}

interface Employed {
  readonly worker: Worker;
  readonly hands: Hand[];
  readonly exclusion: Exclusion;
  /** Its next entry is on its way to it. */
  offered: boolean;
}

export function createGroup(options: GroupOptions): Group {
  const { name, memory, schedule, deadLetters } = options;
  const attempts = createMemoryAttempts({ group: name, memory, deadLetters });
  const state: State = { ...options, left: [], taken: 0, attempts };
  const all = new Set<Employed>();
  return {
    name,
    add(worker) {
      const one = { worker, hands: [], offered: false, exclusion: createExclusion() };
      all.add(one);
      watch(state, one, () => all.delete(one));
    },
    offer() {
      state.left = state.left.filter(({ id }) => memory.isPending(name, id));
      for (const one of all) {
        if (one.offered || one.hands.length >= handsMax) continue;
        if (state.taken === memory.feed.length && !state.left.some((entry) => isFree(entry, one))) continue;
        one.offered = true;
        schedule.offer(one.worker.life, `takes for ${name}`, () => giveNext(state, one));
      }
    },
    isIdle: () =>
      state.taken === memory.feed.length && memory.feed.every(({ id }) => !memory.isPending(name, id)),
  };
}

function giveNext(state: State, one: Employed): void {
  const { name, memory, left } = state;
  one.offered = false;
  const again = left.findIndex((entry) => isFree(entry, one));
  const [entry] = again < 0 ? memory.take(name, 1) : left.splice(again, 1);
  if (entry === undefined) return;
  if (again < 0) state.taken += 1;
  if (memory.isPending(name, entry.id)) begin(state, one, entry, again >= 0);
}

function begin(state: State, one: Employed, entry: Entry, redelivered: boolean): void {
  const { name, memory, schedule } = state;
  const { hands, exclusion, worker } = one;
  if (!concerns(entry, worker.agent)) return memory.ack(name, [entry.id]);
  const hand = { entry, abort: new AbortController() };
  hands.push(hand);
  const { signal } = hand.abort;
  const attempts = simulatedAttempts(state.attempts, schedule, worker.life);
  runEntry(entry, { ...depsOf(state, worker), attempts, exclusion }, { redelivered, signal })
    .catch((error: unknown) => {
      if (signal.aborted) return;
      if (isAway(error)) state.left.push(entry);
      else state.bug(error);
    })
    .finally(() => hands.splice(hands.indexOf(hand), 1));
}

/** Hands on what a process has when that dies, or stands still for longer than its leases. */
function watch(state: State, { worker: { life }, hands }: Employed, gone: () => void): void {
  const { schedule, random } = state;
  const { onDeath } = life;
  life.onDeath = () => {
    gone();
    state.left.push(...hands.map(({ entry }) => entry));
    onDeath();
  };
  // Once it goes on it may hear that its leases are over, or not in time.
  life.onStall = () => {
    for (const { entry, abort } of hands) {
      if (!state.left.includes(entry)) state.left.push(entry);
      const lost = new Fault('lease_lost', `entry ${entry.id} is another's`, { retryable: true });
      if (random.next() < 0.5) schedule.alarm(life, 20_000, () => abort.abort(lost));
    }
  };
}

/** What a process has in hand it does not take again. */
const isFree = ({ id }: Entry, { hands }: Employed): boolean => !hands.some(({ entry }) => entry.id === id);

/** What the engine runs an entry with; time is the schedule's. */
function depsOf(
  { name, memory, schedule, random }: GroupOptions,
  { life, agent, log, handler, offsetMs }: Worker,
): Omit<RunDeps<Game>, 'attempts' | 'exclusion'> {
  return {
    definition: gameStream,
    agent,
    group: name,
    by: name as Author,
    consumer: life.name,
    log,
    handler,
    feed: { ack: (ids) => schedule.step(life, `acknowledges ${ids.join()}`, () => memory.ack(name, ids)) },
    telemetry: noTelemetry,
    report: () => undefined,
    chance: random.next,
    clock: () => schedule.now + offsetMs,
    handlerMsMax: 30_000,
    wait: (ms, signal) => orAborted(schedule.sleep(life, ms), signal),
    deadline: deadlineOn(schedule, life),
    async beforeDeadLetter({ stream }) {
      if (name !== 'game-master') return;
      const now = await log.now(stream as RoomCode);
      const context = { by: 'game-master', traceparent: newTraceparent() } as const;
      await handler.handle(stream as RoomCode, { type: 'pauseGame', reason: 'fault', now }, context);
    },
  };
}

const deadlineOn =
  (schedule: Schedule, life: Life): NonNullable<RunDeps<Game>['deadline']> =>
  async (ms, outer, reason, work) => {
    const inner = new AbortController();
    const stop = schedule.alarm(life, ms, () => inner.abort(reason()));
    const abort = () => inner.abort(outer.reason);
    if (outer.aborted) abort();
    else outer.addEventListener('abort', abort, { once: true });
    try {
      return await orAborted(work(inner.signal), inner.signal);
    } finally {
      stop();
      outer.removeEventListener('abort', abort);
    }
  };
