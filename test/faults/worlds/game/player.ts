// A player as people are: answers in time, twice, too early, too late or not at all; loses its connection in
// the middle of it, comes back, has a second phone, reports a claim, and now and then leaves.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Data } from './history.ts';
import type { Seat } from './seat.ts';

const ways = ['answer', 'answer other', 'answer late', 'answer early', 'none', 'answer and drop'] as const;
type Way = (typeof ways)[number];
const weights: Readonly<Record<Way, number>> = {
  answer: 60,
  'answer other': 8,
  'answer late': 6,
  'answer early': 6,
  none: 6,
  'answer and drop': 14,
};

/** Lets a client answer each question once, in a way of its own; all is calm once `calm` says so. */
export function letAnswer(seat: Seat, calm: () => boolean): void {
  const taken = new Set<string>();
  seat.onQuestion = (question) => {
    if (taken.has(question['roundId'])) return;
    taken.add(question['roundId']);
    void answer(seat, question, calm() ? 'answer' : wayBy(seat.options.chance()));
  };
}

function wayBy(chance: number): Way {
  let left = chance * Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  for (const way of ways) {
    left -= weights[way];
    if (left < 0) return way;
  }
  return 'answer';
}

async function answer(seat: Seat, { roundId, opensAt }: Data, way: Way): Promise<void> {
  const { chance } = seat.options;
  const mine = chance() < 0.5 ? 'FACT' : 'FAKE';
  const other = mine === 'FACT' ? 'FAKE' : 'FACT';
  const send = (name: string, value: string, once = false) =>
    seat.perform(name, 'answer', { roundId, answer: value }, { once });
  if (way === 'none') return;
  if (way === 'answer early') await send('answer early', mine, true);
  await sleep(Math.max(0, opensAt - Date.now()) + chance() * 900);
  if (way === 'answer late') await untilShut(seat, roundId);
  if (way === 'answer and drop') {
    const sent = send('answer', mine, chance() < 0.3);
    await sleep(chance() * 8);
    seat.drop();
    await sent;
    return;
  }
  const first = send(way === 'answer late' ? 'answer late' : 'answer', mine);
  if (way === 'answer other') await Promise.all([first, send('answer other', other)]);
  await first;
  if (chance() < 0.15) await send('answer again', mine);
}

async function untilShut(seat: Seat, roundId: string): Promise<void> {
  const { view } = seat;
  while (seat.gone === null && seat.view.question?.['roundId'] === roundId && !seat.view.closed) {
    if (seat.view.phase === 'over' && view.phase !== 'over') return;
    await sleep(100);
  }
}

export interface Fidgeting {
  readonly ends: AbortSignal;
  readonly calm: () => boolean;
  /** Whether one more may leave for good. */
  readonly mayLeave: () => boolean;
}

/** What a player does besides, until `ends`: drops, second connections, reports, and a leave for good. */
export async function fidget(seat: Seat, { ends, calm, mayLeave }: Fidgeting): Promise<void> {
  const { chance } = seat.options;
  while (!ends.aborted && seat.gone === null) {
    await sleep(400 + chance() * 2_600, undefined, { signal: ends }).catch(() => undefined);
    if (ends.aborted || calm()) continue;
    const dice = chance();
    if (dice < 0.4) seat.drop();
    else if (dice < 0.6) await seat.connect();
    else if (dice < 0.75 && seat.view.roundId !== null) {
      const reported = { roundId: seat.view.roundId, reason: 'this is not so' };
      await seat.perform('report', 'report', reported, { once: chance() < 0.3 });
    } else if (dice < 0.79 && seat.playerId !== null && mayLeave()) {
      const { outcome } = await seat.perform('leave', 'leave', {});
      if (outcome === 'ok') seat.gone = 'left';
    }
  }
}
