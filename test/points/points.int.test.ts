// A process is aborted before and after each of its steps, and another one takes over: every effect is there
// once. Some points of every kind here; ARENA_POINTS=all is every step of every handler, and takes long.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleExample } from '../faults/examples/bundle.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';
import { game } from './game.ts';
import { orders, source } from './orders.ts';
import { push } from './push.ts';
import { type StepName, seldom, steps } from './steps.ts';
import { openSweep, type Surveyed, type Sweep } from './sweep.ts';
import type { World } from './world.ts';

const all = process.env['ARENA_POINTS'] === 'all';
const atOnce = 3;
/** After which a story counts as one that hangs; it takes seconds, and a lease may have to end first. */
const withinMs = 150_000;

let valkey: TestValkey;
let folder: string;
let sweep: Sweep;
let worlds: readonly World[];
let surveys: readonly Surveyed[];

beforeAll(async () => {
  valkey = await startTestValkey(['--databases', '2000']);
  folder = await mkdtemp(join(tmpdir(), 'arena-example-'));
  sweep = await openSweep(valkey.url, withinMs);
  const { worker } = await bundleExample({ source, streams: 'shop' }, folder);
  worlds = [game, orders(worker), push];
  surveys = await Promise.all(worlds.map((world) => sweep.survey(world)));
}, 2 * withinMs);
afterAll(async () => {
  await sweep.end();
  await valkey.stop();
  await rm(folder, { recursive: true, force: true });
});

test('whatever a process sends to the store is a step with a name, and each of these is taken', () => {
  expect(surveys.flatMap(({ unnamed }) => unnamed)).toEqual([]);
  const taken = surveys.flatMap(({ points }) => points.map(({ step }) => step));
  const missing = Object.keys(steps).filter((step) => !taken.includes(step as StepName));
  expect(missing.filter((step) => !seldom.has(step as StepName))).toEqual([]);
});

/** Steps of which a few handlers are tried each time, in the order of an entry's way. */
const ofEachRun: Readonly<Record<string, readonly StepName[]>> = {
  game: [
    'take.new',
    'take.start',
    'handle.look',
    'commit.write',
    'commit.last',
    'acknowledge.entry',
    'project.documents',
    'timers.fire',
  ],
  orders: ['take.new', 'handle.once', 'commit.last', 'acknowledge.entry'],
  push: ['push.read', 'push.frame'],
};

interface Case {
  readonly world: World;
  readonly at: string;
  readonly taker: 'itself' | 'another';
}

function casesOf(world: World, { points }: Surveyed): Case[] {
  const chosen = all
    ? points
    : (ofEachRun[world.name] ?? []).flatMap((step, index) => {
        const ofStep = points.filter((point) => point.step === step);
        const byGroup = ofStep.filter(({ who }) => world.groups.includes(who));
        const some = byGroup.length > 0 ? byGroup : ofStep;
        const whos = [...new Set(some.map(({ who }) => who))];
        return some.filter(({ who }) => who === whos[index % whos.length]);
      });
  return chosen.flatMap(({ who, step, side, times }, index) => {
    // Pushed first is the reply to a join.
    const hits = all && times > 1 ? [1, Math.ceil(times / 2)] : [Math.min(times, world === push ? 3 : 1)];
    const taker = index % 2 === 0 ? 'itself' : 'another';
    return hits.map((hit): Case => ({ world, at: `${who} ${step} ${side} ${hit}`, taker }));
  });
}

test(
  'a process that is aborted before or after a step leaves everything to another one, once',
  async () => {
    const cases = worlds.flatMap((world, index) =>
      casesOf(world, surveys[index] ?? { points: [], unnamed: [] }),
    );
    const wrong: string[] = [];
    let next = 0;
    const work = async () => {
      for (let one = cases[next++]; one !== undefined; one = cases[next++]) {
        const found = await sweep.abortAt(one.world, one.at, one.taker);
        wrong.push(
          ...found.map((what) => `${one.world.name}: ${one.at}, taken over by ${one.taker}: ${what}`),
        );
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    console.log(`${cases.length} processes were aborted at their points`);
    expect(wrong).toEqual([]);
    expect(cases.length).toBeGreaterThanOrEqual(20);
  },
  all ? 3_600_000 : 600_000,
);
