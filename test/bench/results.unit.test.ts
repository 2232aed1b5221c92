import { expect, test } from 'vitest';
import { atLeast, rowOf } from './support/figures.ts';
import { isRealTime } from './support/machine.ts';
import { documentsWithResults, keptResults, withResults } from './support/results.ts';

const machine = {
  cpu: 'a processor',
  cores: 2,
  memoryGb: 8,
  os: 'Linux 6',
  node: 'v24.0.0',
  valkey: '8.0.1',
  commit: 'abc1234',
  date: '2026-11-30',
};
const row = (name: string, ours: number) =>
  rowOf({ name, unit: '/s', samples: { ours: [ours], floor: [100] }, bounds: [atLeast(0.5, 'floor')] });

test('the tables of results are what the kept results give: npm run bench -- results makes them', () => {
  for (const { is, shouldBe } of documentsWithResults()) expect(is).toBe(shouldBe);
});

test('each figure of the kept results follows from its samples', () => {
  for (const { rows } of keptResults()) {
    for (const { name, unit, samples, ours, ratios } of rows) {
      const again = rowOf({ name, unit, samples });
      expect(again.ours.value / ours.value, name).toBeCloseTo(1, 2);
      expect(Object.keys(again.ratios), name).toEqual(Object.keys(ratios));
      for (const [other, ratio] of Object.entries(again.ratios))
        expect(ratio / (ratios[other] ?? Number.NaN), `${name} by ${other}`).toBeCloseTo(1, 1);
    }
  }
});

test('where results were measured is said once for each machine and commit', () => {
  const text = withResults(
    'a\n<!-- made by: npm run bench -- results -->\nold\n<!-- end of the results -->\nb\n',
    [
      { name: 'engine', machine, rows: [row('step', 40)] },
      { name: 'replay', machine, rows: [row('all', 60)] },
      { name: 'flow', machine: { ...machine, commit: 'def5678' }, rows: [row('gap', 90)] },
    ],
  );
  expect(text.split('\n')).toEqual([
    'a',
    '<!-- made by: npm run bench -- results -->',
    '| work | ours | floor | peers | ours / others | mark |  |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    '| engine: step | 40/s | 100/s |  | 0.4 | ours / floor >= 0.5 | **short: 0.4** |',
    '| replay: all | 60/s | 100/s |  | 0.6 | ours / floor >= 0.5 | held |',
    '| flow: gap | 90/s | 100/s |  | 0.9 | ours / floor >= 0.5 | held |',
    '',
    'engine, replay: a processor, 2 cores, 8 GB, Linux 6, Node v24.0.0, Valkey 8.0.1, commit abc1234, 2026-11-30.',
    'flow: a processor, 2 cores, 8 GB, Linux 6, Node v24.0.0, Valkey 8.0.1, commit def5678, 2026-11-30.',
    '<!-- end of the results -->',
    'b',
    '',
  ]);
});

test('a run that went before all else on the machine says so', () => {
  const stat = (policy: number) => `7 (a b) c) S ${'0 '.repeat(37)}${policy} 0 0`;
  expect([0, 1, 2, 3].map((policy) => isRealTime(stat(policy)))).toEqual([false, true, true, false]);
  expect(isRealTime('')).toBe(false);
  const told = withResults('<!-- made by: npm run bench -- results -->\n<!-- end of the results -->\n', [
    { name: 'handoff', machine: { ...machine, priority: 'real-time' }, rows: [row('half', 1)] },
  ]);
  expect(told).toContain('2026-11-30, before all else on the machine.');
});

test('a document without the two lines is not written over', () => {
  expect(() => withResults('nothing', [])).toThrow('the document has no');
});
