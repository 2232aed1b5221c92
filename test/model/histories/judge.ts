// The end of a history: all is healed, everything has to drain, and then the log, the payments, the tries and
// the dead letters are held against the model. The logs are read and checked without code of the engine.

import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { type DeadLetter, deadLettersOf } from '../../../streams/admin.ts';
import { fieldsOf } from '../../../streams/valkey/fields.ts';
import { brokenIn, type RawEvent, readLogs } from '../../faults/raw-log.ts';
import { heard } from './asking.ts';
import { askOf, type Errand, isCalm, isDoomed, type Model, streams, triesMax } from './model.ts';
import { endLeasesOfTheDead, resume } from './trouble.ts';
import type { Real } from './world.ts';

const lookMs = 8;
/** What is left has not become less for so long: it never will. */
const stuckMs = 15_000;
const extraPlace = 2;
const everyTimerMs = 1_000_000;

export async function judge(model: Model, real: Real): Promise<void> {
  await heal(model, real);
  await drained(real);
  const logs = await readLogs(real.url, real.name);
  const letters = await deadLettersOf(real.admin);
  const starts = await startsOf(real, letters);
  const found = [
    ...real.outside.wrong,
    ...streams.flatMap((stream) => wrongIn(logs.get(stream) ?? [], stream, model, real)),
    ...model.errands.flatMap((errand) => wrongLetters(errand, letters, model, starts)),
    ...wrongTries(model, real),
  ];
  expect(found).toEqual([]);
  expect(letters.length).toBe(model.errands.filter(isDoomed).length);
  expect(await real.admin.commands.hgetall(real.admin.keys.of('a').attempts), 'counts that stayed').toEqual(
    {},
  );
}

async function heal(model: Model, real: Real): Promise<void> {
  for (const place of [0, 1]) {
    if (!model.living[place]) await real.begin(place);
    model.living[place] = true;
  }
  if (model.paused) await resume(model, real);
  real.outside.letAllGo();
  // Whoever lives looks for such entries only now and then; one that begins does so at once.
  if ((await endLeasesOfTheDead(real)) > 0) await real.begin(extraPlace);
  for (const errand of model.errands.filter(({ acked }) => acked === null)) {
    const { status } = await real.sendSurely(errand.n % 2, askOf(errand));
    heard(model, errand, status, { again: true });
  }
  await real.pass(everyTimerMs);
}

async function drained({ admin: { commands, keys } }: Real): Promise<void> {
  const { feed = '', timers = '' } = keys.partitions[0] ?? {};
  let least = Number.POSITIVE_INFINITY;
  for (let since = performance.now(); ; ) {
    const [groups, stream, due] = await Promise.all([
      commands.call('XINFO', 'GROUPS', feed) as Promise<string[][]>,
      commands.call('XINFO', 'STREAM', feed) as Promise<string[]>,
      commands.zrange(timers, 0, -1),
    ]);
    const newest = fieldsOf(stream)['last-generated-id'];
    const states = groups.map((flat) => fieldsOf(flat));
    const behind = states.filter((group) => group['last-delivered-id'] !== newest).length;
    const left = states.reduce((sum, { pending }) => sum + Number(pending), behind + due.length);
    if (left === 0) return;
    if (left < least) since = performance.now();
    least = Math.min(least, left);
    if (performance.now() - since > stuckMs) throw new Error(`stuck: ${JSON.stringify({ states, due })}`);
    await sleep(lookMs);
  }
}

/** What counts in a log: each once, as it was acknowledged, in the order of acknowledgements. */
function wrongIn(events: readonly RawEvent[], stream: string, model: Model, { outside }: Real): string[] {
  const wrong = brokenIn(stream, events);
  const of = <T extends { readonly stream: string }>(all: readonly T[]) =>
    all.filter((one) => one.stream === stream);
  const numbers = (type: string) =>
    events.filter((event) => event.type === type).map(({ data }) => Number(data['n']));
  const must = (type: string, wanted: readonly number[]) => {
    const there = numbers(type).sort((a, b) => a - b);
    if (isDeepStrictEqual(there, wanted)) return;
    wrong.push(`${stream}: ${type} should be there for ${wanted.join()}, and is for ${there.join()}`);
  };
  const errands = of(model.errands);
  const ns = (all: readonly { readonly n: number }[]) => all.map(({ n }) => n);
  must('Asked', ns(errands));
  must('Done', ns(errands.filter((errand) => !isDoomed(errand))));
  must('Voted', ns(of(model.votes).filter(({ counts }) => counts)));
  must('Planned', ns(of(model.reminders)));
  must('Rang', ns(of(model.reminders)));
  const asked = numbers('Asked').flatMap((n) => errands.filter((errand) => errand.n === n));
  for (const [at, later] of asked.entries()) {
    const before = asked.slice(0, at).find(({ sent }) => sent > (later.acked ?? Number.POSITIVE_INFINITY));
    if (before !== undefined)
      wrong.push(`${stream}: errand ${before.n} stands before ${later.n}, which was acknowledged first`);
  }
  const done = events.filter(({ type }) => type === 'Done');
  for (const [at, { data }] of done.entries()) {
    if (data['number'] !== at + 1) wrong.push(`${stream}: ${JSON.stringify(data)} is the ${at + 1}th done`);
    const paid = outside.payments.filter(({ n }) => n === data['n']);
    const keys = new Set(paid.map(({ key }) => key));
    if (!paid.some(({ receipt }) => receipt === data['receipt']) || keys.size !== 1)
      wrong.push(`${stream}: ${JSON.stringify(data)} was paid by ${JSON.stringify(paid)}`);
    if (isCalm(model) && paid.length > 1) wrong.push(`${stream}: errand ${data['n']} was paid twice`);
  }
  for (const { at, data } of events.filter(({ type }) => type === 'Rang')) {
    const due = model.reminders.find(({ n }) => n === data['n'])?.due ?? Number.POSITIVE_INFINITY;
    if (Number(at) < due) wrong.push(`${stream}: reminder ${data['n']} rang at ${at}, before ${due}`);
  }
  return wrong;
}

interface Started {
  readonly starts: number;
  readonly exceptions: number;
}

/** The counts that letters keep, by letter. */
async function startsOf({ admin }: Real, letters: readonly DeadLetter[]): Promise<Map<string, Started>> {
  const { dead = '' } = admin.keys.partitions[0] ?? {};
  const raw = letters.length === 0 ? [] : await admin.commands.xrange(dead, '-', '+');
  return new Map(
    raw.map(([id, flat]) => {
      const { starts, exceptions } = fieldsOf(flat);
      return [id, { starts: Number(starts), exceptions: Number(exceptions) }];
    }),
  );
}

function wrongLetters(
  errand: Errand,
  letters: readonly DeadLetter[],
  model: Model,
  counts: ReadonlyMap<string, Started>,
): string[] {
  const { n, requeues } = errand;
  const mine = letters.filter(({ message }) => message === `errand ${n} fails`);
  if (mine.length !== Number(isDoomed(errand))) return [`errand ${n} has ${mine.length} dead letters`];
  // A death may leave a try uncounted, or counted and made again.
  const slack = isCalm(model) ? 0 : 2 * (model.kills + model.crashes);
  return mine.flatMap((letter) => {
    const { starts = 0, exceptions = 0 } = counts.get(letter.id) ?? {};
    const fits =
      letter.reason === 'exceptions' &&
      letter.requeues === requeues &&
      exceptions >= triesMax &&
      exceptions <= triesMax + slack &&
      Math.abs(starts - exceptions) <= slack;
    const said = `${letter.reason}, ${starts} starts, ${exceptions} exceptions, ${letter.requeues} requeues`;
    return fits ? [] : [`the dead letter of errand ${n} has ${said}, of ${requeues} requeues`];
  });
}

/** Each try is counted before it is made: one more than the last, or than those that died. */
function wrongTries(model: Model, { outside }: Real): string[] {
  const wrong: string[] = [];
  for (const [entry, tries] of Map.groupBy(outside.tries, (one) => one.entry)) {
    const attempts = tries.map(({ attempt }) => attempt);
    const exact = attempts.every((attempt, at) => attempt === at + 1);
    const rising = attempts.every((attempt, at) => attempt > (attempts[at - 1] ?? 0));
    // While the server is away a start that came to nothing is taken back.
    const fits = isCalm(model) ? exact : model.crashes > 0 || rising;
    if (!fits) wrong.push(`errand ${tries[0]?.n} (${entry}) was tried as ${attempts.join()}`);
  }
  return wrong;
}
