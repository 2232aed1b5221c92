// A host who does all that a host may do, at odd moments and more than once, and still brings every game to
// its end; beside it the operator who takes a claim back.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Data } from './history.ts';
import type { Seat } from './seat.ts';
import type { View } from './view.ts';

export interface Hosting {
  readonly seat: Seat;
  readonly retract: (roundId: string, reason: string) => Promise<void>;
  /** True once no more faults are made: the game is to end. */
  readonly calm: () => boolean;
}

const meddlingsPerRound = 4;
/** A round without a clock is left to its players for so long. */
const relaxedMs = 2_000;

const keyed = (d: Data = {}): Data => ({ ...d, key: randomUUID() });

/** Starts a game and stays with it until it is over, or the host is out of the room. */
export async function hostGame(hosting: Hosting): Promise<void> {
  const { seat, calm } = hosting;
  const { chance } = seat.options;
  const before = seat.view.overs.size;
  const after = seat.view.game;
  // A machine that is slow would see nothing but meddling otherwise.
  const meddled = new Map<string | null, number>();
  while (seat.view.phase !== 'over' || seat.view.overs.size === before) {
    if (seat.gone !== null) return;
    const { phase } = seat.view;
    const starts = (phase === 'lobby' || phase === 'over') && seat.view.game === after;
    if (starts) await start(hosting, after);
    else await goOn(hosting);
    const { roundId } = seat.view;
    const times = meddled.get(roundId) ?? 0;
    if (!calm() && times < meddlingsPerRound && chance() < 0.35) {
      meddled.set(roundId, times + 1);
      await meddle(hosting);
    }
    await sleep(150 + chance() * (calm() ? 100 : 500));
  }
}

async function start({ seat, calm }: Hosting, after: string | null): Promise<void> {
  const name = after === null ? 'start' : 'again';
  const wish = keyed({ after });
  const hurried = !calm() && seat.options.chance() < 0.2;
  const first = seat.perform(name, 'start', wish, { once: hurried });
  // Two devices of one host, at the same moment.
  if (hurried) await seat.perform(name, 'start', keyed({ after }));
  await first;
}

/** What the game waits for. */
async function goOn({ seat }: Hosting): Promise<void> {
  const { view } = seat;
  if (view.paused) await seat.perform('resume', 'resume', keyed());
  else if (view.byHand) await seat.perform('next', 'next', keyed({ roundId: view.roundId }));
  else if (view.question?.['deadline'] === null && !view.closed && isOld(view.question))
    await seat.perform('close', 'close', keyed({ roundId: view.roundId }));
}

const isOld = ({ opensAt }: Data): boolean => opensAt + relaxedMs < Date.now();

type Meddling = (hosting: Hosting, view: View) => Promise<unknown>;

const meddlings: readonly (readonly [weight: number, meddling: Meddling])[] = [
  [20, ({ seat }) => seat.perform('pause', 'pause', keyed())],
  [10, about('skip')],
  [12, about('close')],
  [12, about('next')],
  [12, about('extend', { ms: 400 })],
  [12, settings],
  [7, removal('kick')],
  [6, removal('ban')],
  [14, takeBack],
  [6, async ({ seat }) => seat.drop()],
  [4, ({ seat }) => seat.connect()],
  [4, end],
];

async function meddle(hosting: Hosting): Promise<void> {
  const { chance } = hosting.seat.options;
  let left = chance() * meddlings.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, meddling] of meddlings) {
    left -= weight;
    if (left < 0) return void (await meddling(hosting, hosting.seat.view));
  }
}

/** Of the round on screen, or of the last one: also where that comes too late. */
function about(t: 'skip' | 'close' | 'next' | 'extend', more: Data = {}): Meddling {
  return async ({ seat }, { roundId }) => {
    if (roundId !== null)
      await seat.perform(t, t, keyed({ roundId, ...more }), { once: seat.options.chance() < 0.2 });
  };
}

async function settings({ seat }: Hosting): Promise<void> {
  const { chance } = seat.options;
  const changes = [
    { rounds: 2 + Math.floor(chance() * 3) },
    { seconds: 5 + Math.floor(chance() * 4) },
    { seconds: null },
    { autoAdvance: chance() < 0.7 },
    { streaks: chance() < 0.5 },
    { speedPoints: chance() < 0.5 },
    { difficulty: (['easy', 'normal', 'hard', 'adaptive'] as const)[Math.floor(chance() * 4)] },
    { locked: chance() < 0.2 },
  ];
  await seat.perform('settings', 'settings', keyed(changes[Math.floor(chance() * changes.length)]));
}

function removal(t: 'kick' | 'ban'): Meddling {
  return async ({ seat }, { players }) => {
    const others = [...players].filter((id) => id !== seat.playerId);
    const playerId = others[Math.floor(seat.options.chance() * others.length)];
    // A room of one is no game.
    if (playerId !== undefined && others.length > 2) await seat.perform(t, t, keyed({ playerId }));
  };
}

async function takeBack({ retract }: Hosting, { roundId }: View): Promise<void> {
  if (roundId !== null) await retract(roundId, 'the source is wrong');
}

async function end({ seat }: Hosting, { game, phase }: View): Promise<void> {
  if (game !== null && phase !== 'over') await seat.perform('end', 'end', keyed({ game }));
}
