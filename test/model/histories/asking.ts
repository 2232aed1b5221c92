// Commands of a history by which clients ask: errands, repeats, many at once, votes, doors and reminders;
// also while the process or the server that they ask dies.

import { setImmediate as turn } from 'node:timers/promises';
import type { AsyncCommand } from 'fast-check';
import { expect } from 'vitest';
import { askOf, type Errand, errandAt, type Model, mayKill, type StreamId, someoneLives } from './model.ts';
import type { Real } from './world.ts';

export type Command = AsyncCommand<Model, Real>;

/** `check` and `run` under the words that a counterexample prints. */
export const command = (
  said: string,
  check: (model: Readonly<Model>) => boolean,
  run: (model: Model, real: Real) => Promise<void>,
): Command => ({ check, run, toString: () => said });

export interface Asking {
  /** Of two; the other one where it does not live. */
  readonly by: number;
  readonly stream: StreamId;
  readonly fails: number;
  readonly slow: boolean;
}

const placeFor = ({ living }: Readonly<Model>, by: number): number => (living[by] ? by : 1 - by);

function planErrand(model: Model, real: Real, { stream, fails, slow }: Omit<Asking, 'by'>): Errand {
  model.moment += 1;
  const n = model.errands.length + 1;
  const errand = { n, stream, fails, slow, sent: model.moment, acked: null, requeues: 0 };
  model.errands.push(errand);
  real.outside.plan(errand);
  return errand;
}

/** Writes down what came of it. The first time it is known, it was done, or done before where that may be. */
export function heard(model: Model, errand: Errand, status: string, { again }: { again: boolean }): void {
  const known = errand.acked !== null;
  const may = known ? ['dup'] : again ? ['done', 'dup'] : ['done'];
  expect(may, `errand ${errand.n} came to ${status}`).toContain(status);
  model.moment += 1;
  errand.acked ??= model.moment;
}

const words = ({ by, stream, fails, slow }: Asking) =>
  `${by} asks ${stream}${fails > 0 ? `, fails ${fails}` : ''}${slow ? ', slow' : ''}`;

export const ask = (asking: Asking): Command =>
  command(words(asking), someoneLives, async (model, real) => {
    const errand = planErrand(model, real, asking);
    if (model.paused && pausesAreSeen(model, real)) real.outside.forbidden.add(errand.n);
    const { status, tries } = await real.sendSurely(placeFor(model, asking.by), askOf(errand));
    heard(model, errand, status, { again: tries > 1 });
  });

/** Both were seen to be paused, or have begun since. */
const pausesAreSeen = ({ living }: Readonly<Model>, real: Real): boolean =>
  living.every((lives, place) => !lives || real.life(place).untilPaused !== undefined);

/** Its process dies so many turns of the event loop later. */
export const askAndDie = (asking: Asking, turns: number): Command => {
  const may = (model: Readonly<Model>) => someoneLives(model) && mayKill(model);
  return command(`${words(asking)}, and dies ${turns} turns later`, may, async (model, real) => {
    const place = placeFor(model, asking.by);
    const errand = planErrand(model, real, asking);
    const sending = real.life(place).send(askOf(errand));
    for (let at = 0; at < turns; at += 1) await turn();
    model.living[place] = false;
    model.kills += 1;
    await real.kill(place);
    const status = await sending;
    if (status !== 'unknown') heard(model, errand, status, { again: false });
  });
};

/** The server dies so many turns later. */
export const askAndCrash = (asking: Asking, turns: number): Command =>
  command(`${words(asking)}, and the server dies ${turns} turns later`, someoneLives, async (model, real) => {
    const errand = planErrand(model, real, asking);
    const sending = real.life(placeFor(model, asking.by)).send(askOf(errand));
    for (let at = 0; at < turns; at += 1) await turn();
    model.crashes += 1;
    await real.crash();
    const status = await sending;
    if (status !== 'unknown') heard(model, errand, status, { again: false });
  });

const anErrand = (model: Readonly<Model>): boolean => someoneLives(model) && model.errands.length > 0;

export const askAgain = (by: number, at: number): Command =>
  command(`${by} asks errand ${at} again`, anErrand, async (model, real) => {
    const errand = errandAt(model, at);
    const { status } = await real.sendSurely(placeFor(model, by), askOf(errand));
    heard(model, errand, status, { again: true });
  });

export const askAnotherUnderItsKey = (by: number, at: number): Command => {
  const may = (model: Readonly<Model>) => anErrand(model) && errandAt(model, at).acked !== null;
  return command(`${by} asks another under the key of ${at}`, may, async (model, real) => {
    const sent = askOf(errandAt(model, at));
    const other = { type: 'ask', n: -1, inMs: 0 } as const;
    const { status } = await real.sendSurely(placeFor(model, by), { ...sent, command: other });
    expect(status).toBe('key_reused');
  });
};

/** Several at once, by both processes in turn; each twice, by both, where it is so. */
export const askAtOnce = (askings: readonly Asking[], twice: boolean): Command => {
  const said = `at once${twice ? ', by both' : ''}: ${askings.map(words).join('; ')}`;
  return command(said, someoneLives, async (model, real) => {
    const errands = askings.map((asking) => planErrand(model, real, { ...asking, slow: false }));
    const sendings = errands.map((errand, at) => {
      const senders = twice ? [0, 1] : [at % 2];
      return Promise.all(senders.map((by) => real.sendSurely(placeFor(model, by), askOf(errand))));
    });
    for (const [at, sending] of sendings.entries()) {
      const replies = await sending;
      const statuses = replies.map(({ status }) => status).sort();
      const once = replies.length === 1 ? ['done'] : ['done', 'dup'];
      const again = replies.some(({ tries }) => tries > 1);
      if (!again) expect(statuses, `errand ${errands[at]?.n}`).toEqual(once);
      const errand = errands[at];
      if (errand !== undefined) heard(model, errand, statuses[0] ?? '', { again });
    }
  });
};

export const vote = (by: number, stream: StreamId, again: boolean): Command =>
  command(`${by} votes at ${stream}${again ? ' twice' : ''}`, someoneLives, async (model, real) => {
    const n = model.votes.length + 1;
    const place = placeFor(model, by);
    const sent = { stream, key: `vote-${n}`, command: { type: 'vote', n } } as const;
    const { status, tries } = await real.sendSurely(place, sent);
    const counts = model.open[stream];
    const may = !counts ? ['refused'] : tries > 1 ? ['ok', 'dup'] : ['ok'];
    expect(may, `vote ${n} came to ${status}`).toContain(status);
    model.votes.push({ n, stream, counts });
    if (!again) return;
    const repeat = await real.sendSurely(placeFor(model, 1 - by), sent);
    expect(repeat.status, `vote ${n}, again`).toBe(counts ? 'dup' : 'refused');
  });

export const door = (by: number, stream: StreamId, open: boolean): Command =>
  command(`${by} ${open ? 'opens' : 'closes'} ${stream}`, someoneLives, async (model, real) => {
    model.moment += 1;
    const type = open ? 'open' : 'close';
    const sent = { stream, key: `door-${model.moment}`, command: { type } } as const;
    const { status, tries } = await real.sendSurely(placeFor(model, by), sent);
    expect(tries > 1 ? ['done', 'dup'] : ['done'], `a door came to ${status}`).toContain(status);
    model.open[stream] = open;
  });

export const plan = (by: number, stream: StreamId, inMs: number): Command =>
  command(`${by} plans a reminder of ${stream} in ${inMs} ms`, someoneLives, async (model, real) => {
    const n = model.reminders.length + 1;
    const sent = { stream, key: `plan-${n}`, command: { type: 'plan', n, inMs } } as const;
    const { status, tries } = await real.sendSurely(placeFor(model, by), sent);
    expect(tries > 1 ? ['done', 'dup'] : ['done'], `a reminder came to ${status}`).toContain(status);
    model.reminders.push({ n, stream, due: real.now() + inMs });
  });
