// Commands of a history that no client sends: processes die and begin anew, the server dies, time passes, and
// operators pause a group or put a dead letter back.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { deadLettersOf, pauseGroup, requeueDeadLetter, resumeGroup } from '../../../streams/admin.ts';
import { type Command, command } from './asking.ts';
import { groups } from './errands.ts';
import { allWork, type Errand, holds, isDoomed, type Model, mayKill, someoneLives } from './model.ts';
import { quickLimits } from './quick-limits.ts';
import type { Real } from './world.ts';

const paused = 'errands';
const lookMs = 5;
/** Only for what does not come at all. */
const letterMsMax = 15_000;

/** `busy`: the one that holds a handler, where one will. */
export const kill = (by: number, busy: boolean): Command => {
  const may = (model: Readonly<Model>) => mayKill(model) && (model.living[by] === true || busyNow(model));
  const busyNow = (model: Readonly<Model>) => busy && allWork(model) && !model.leftBehind && holds(model);
  return command(`kill ${busy ? 'one that is busy, or ' : ''}${by}`, may, async (model, real) => {
    const place = busyNow(model) ? real.placeOf(await real.outside.untilHeld()) : by;
    model.living[place] = false;
    model.kills += 1;
    await real.kill(place);
  });
};

/** Under another name it finds nothing of its last life: others have to. */
export const begin = (place: number, asAnother: boolean): Command => {
  const said = `${place} begins anew${asAnother ? ' under another name' : ''}`;
  return command(
    said,
    ({ living }) => living[place] === false,
    async (model, real) => {
      await real.begin(place, ...(asAnother ? [`process-${place}-${model.kills}`] : []));
      model.living[place] = true;
      model.leftBehind ||= asAnother;
    },
  );
};

/** What the dead were given is for whoever begins from now on. Gives how many entries that are. */
export async function endLeasesOfTheDead({ admin: { commands, keys }, gone }: Real): Promise<number> {
  const feed = keys.partitions[0]?.feed ?? '';
  let entries = 0;
  for (const consumer of gone()) {
    for (const group of groups) {
      const held = await commands.xpending(feed, group, '-', '+', 1_000, consumer);
      const ids = (held as readonly (readonly [string])[]).map(([id]) => id);
      const idle = ['IDLE', quickLimits.leaseMs + 1, 'JUSTID'] as const;
      if (ids.length > 0) await commands.call('XCLAIM', feed, group, consumer, 0, ...ids, ...idle);
      entries += ids.length;
    }
  }
  return entries;
}

export const endLeases = (): Command => {
  const may = ({ living, kills }: Readonly<Model>) => living.includes(false) || kills > 0;
  return command('the leases of the dead end', may, async (_model, real) => {
    await endLeasesOfTheDead(real);
  });
};

export const crash = (): Command =>
  command(
    'the server dies',
    () => true,
    async (model, real) => {
      model.crashes += 1;
      await real.crash();
    },
  );

export const pass = (ms: number): Command =>
  command(
    `${ms} ms pass`,
    () => true,
    (_model, real) => real.pass(ms),
  );

export const letGo = (): Command =>
  command('what is slow goes on', holds, async (_, real) => real.outside.letAllGo());

export const pause = (): Command => {
  const may = (model: Readonly<Model>) => !model.paused && someoneLives(model);
  return command('the group is paused', may, async (model, real) => {
    const { commands, keys } = real.admin;
    const places = [0, 1].filter((place) => model.living[place]);
    await pauseGroup(commands, keys, { group: paused, by: 'test' });
    await Promise.all(places.map((place) => real.life(place).untilPaused?.(paused)));
    model.paused = true;
  });
};

export async function resume(model: Model, { outside, admin }: Real): Promise<void> {
  outside.forbidden.clear();
  await resumeGroup(admin.commands, admin.keys, paused);
  model.paused = false;
}

export const goOn = (): Command => command('the group goes on', (model) => model.paused, resume);

const dead = ({ errands }: Readonly<Model>): Errand | undefined =>
  errands.find((errand) => isDoomed(errand) && errand.acked !== null);

/** `mended`: its handler does not throw any more. `two` operators do so at once. */
export const putBack = (mended: boolean, two: boolean): Command => {
  const may = (model: Readonly<Model>) =>
    allWork(model) && !model.leftBehind && !holds(model) && dead(model) !== undefined;
  const said = `a dead letter is put back${two ? ' by two' : ''}${mended ? ', mended' : ''}`;
  return command(said, may, async (model, real) => {
    const errand = dead(model);
    if (errand === undefined) return;
    const letter = await letterOf(errand, real);
    if (mended) errand.fails = 0;
    errand.requeues += 1;
    const operators = two ? ['ada', 'bo'] : ['ada'];
    const outcomes = operators.map((by) => requeueDeadLetter(real.admin, letter, { by }));
    expect((await Promise.all(outcomes)).sort()).toEqual(two ? ['gone', 'requeued'] : ['requeued']);
  });
};

async function letterOf({ n, stream, requeues }: Errand, { admin, outside }: Real) {
  const until = performance.now() + letterMsMax;
  for (;;) {
    const letters = await deadLettersOf(admin);
    const found = letters.find(
      (letter) => letter.message === `errand ${n} fails` && letter.stream === stream,
    );
    if (found !== undefined) {
      expect(found.requeues, `errand ${n} was put back`).toBe(requeues);
      return found;
    }
    if (performance.now() > until) {
      const tries = outside.tries.filter((one) => one.n === n).length;
      throw new Error(`errand ${n} became no dead letter after ${tries} tries`);
    }
    await sleep(lookMs);
  }
}
