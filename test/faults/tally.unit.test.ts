// What is counted of a run: pairs of commands and faults, and what makes a run red.

import { expect, test } from 'vitest';
import { readOptions } from './options.ts';
import { objections, type Run } from './report.ts';
import { addUp, createTally, missingPairs } from './tally.ts';

const begun = () => createTally(['place', 'ship'], ['kill worker', 'line slow']);

test('a command counts with each fault that runs as it is sent, or begins while it is under way', () => {
  const tally = begun();
  const over = tally.begin('kill worker');
  const ended = tally.note('place');
  over();
  tally.begin('line slow')();
  ended('ok');
  tally.begin('line slow')();
  tally.note('ship')('unknown');
  expect(missingPairs(tally)).toEqual(['ship × kill worker', 'ship × line slow']);
  expect(tally.pairs.get('place')?.get('line slow')).toBe(1);
  expect(tally.outcomes).toEqual({ ok: 1, refused: 0, unknown: 1 });
});

test('a fault that runs twice at once runs until both are over', () => {
  const tally = begun();
  const [first, second] = [tally.begin('line slow'), tally.begin('line slow')];
  first();
  tally.note('ship')('ok');
  second();
  tally.note('place')('ok');
  expect(tally.pairs.get('ship')?.get('line slow')).toBe(1);
  expect(tally.pairs.get('place')?.get('line slow')).toBe(0);
});

test('recovery ends with the reply to a command that was sent after the healing', () => {
  const tally = begun();
  const early = tally.note('place');
  tally.healed('line slow');
  early('ok');
  expect(tally.recovery.get('line slow')).toBeUndefined();
  const lost = tally.note('place');
  lost('unknown');
  expect(tally.recovery.get('line slow')).toBeUndefined();
  tally.note('ship')('refused');
  expect(tally.recovery.get('line slow')).toHaveLength(1);
  expect(addUp([tally, tally]).recovery.get('line slow')).toHaveLength(2);
});

const green = (): Run => {
  const tally = begun();
  for (const fault of ['kill worker', 'line slow']) {
    const over = tally.begin(fault);
    for (const command of ['place', 'ship']) for (let at = 0; at < 50; at++) tally.note(command)('ok');
    over();
  }
  const verdict = { counts: {}, lost: [], doubled: [], disorder: [] };
  const chapter = { world: 'orders', seed: 1, ms: 60_000, counts: tally, restarts: 1, settledMs: 1, verdict };
  const chapters = [{ ...chapter, failures: [], folder: 'kept' }];
  return { options: readOptions([]), commit: 'c', machine: 'm', startedAt: 'now', chapters };
};

/** The same run with one thing changed. */
const but = (change: Partial<Run['chapters'][number]>): Run => {
  const run = green();
  return { ...run, chapters: run.chapters.map((chapter) => ({ ...chapter, ...change })) };
};
const nothing = { counts: {}, lost: [], doubled: [], disorder: [] };

test('a run is red for a loss, a double, an order that is broken, and what does not drain', () => {
  expect(objections(green())).toEqual([]);
  expect(objections(but({ verdict: { ...nothing, lost: ['a'] } })).join()).toContain('1 lost: a');
  expect(objections(but({ verdict: { ...nothing, doubled: ['a'] } })).join()).toContain('1 doubled: a');
  expect(objections(but({ verdict: { ...nothing, disorder: ['a'] } })).join()).toContain('1 disorder: a');
  expect(objections(but({ failures: ['not drained'] })).join()).toContain('not drained');
});

test('a run is red without progress, and for a pair that never occurred unless none is asked', () => {
  expect(objections(but({ ms: 3_600_000 })).join()).toContain('acknowledged a minute');
  const tally = createTally(['place'], ['line slow']);
  for (let at = 0; at < 100; at++) tally.note('place')('ok');
  const missing = but({ counts: tally });
  expect(objections(missing)).toEqual(['orders: pairs that never occurred: place × line slow']);
  expect(objections({ ...missing, options: readOptions(['--pairs', 'none']) })).toEqual([]);
});

test('options that cannot be meant are refused in a sentence', () => {
  expect(() => readOptions(['--minutes', 'ten'])).toThrow('--minutes is a number above 0');
  expect(() => readOptions(['--profile', 'chess'])).toThrow('--profile is one of');
  expect(() => readOptions(['--pairs', 'some'])).toThrow('--pairs is all or none');
  expect(readOptions(['--profile', 'game,orders']).worlds).toEqual(['orders', 'game']);
});
