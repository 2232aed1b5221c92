// The tables of results in the README and in CAPACITY.md, made from the JSON that runs have left in
// `results/`.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { benchmarks } from '../names.ts';
import type { Row } from './figures.ts';
import type { Machine } from './machine.ts';
import { type Results, tableOf } from './publish.ts';

const [begin, end] = ['<!-- made by: npm run bench -- results -->', '<!-- end of the results -->'];

/** A document with a table in it. The README has those rows alone that have a mark. */
const documents = [
  {
    file: new URL('../../../README.md', import.meta.url),
    shows: (_name: string, { marks }: Row) => marks.length > 0,
  },
  { file: new URL('../CAPACITY.md', import.meta.url), shows: (name: string) => name === 'capacity' },
] as const;

/** Each document as it is, and as the kept results make it. */
export function documentsWithResults(): { file: URL; is: string; shouldBe: string }[] {
  const results = keptResults();
  return documents.map(({ file, shows }) => {
    const is = readFileSync(file, 'utf8');
    const shown = results
      .map((one) => ({ ...one, rows: one.rows.filter((row) => shows(one.name, row)) }))
      .filter(({ rows }) => rows.length > 0);
    return { file, is, shouldBe: withResults(is, shown) };
  });
}

export function writeDocuments(): void {
  for (const { file, shouldBe } of documentsWithResults()) writeFileSync(file, shouldBe);
}

/** What is kept, in the order of the names. */
export function keptResults(): Results[] {
  return Object.keys(benchmarks).flatMap((name) => {
    const file = new URL(`../results/${name}.json`, import.meta.url);
    return existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8')) as Results] : [];
  });
}

/** The text with the results between its two lines. */
export function withResults(text: string, results: readonly Results[]): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the document has no ${begin} … ${end}`);
  return `${text.slice(0, from + begin.length)}\n${sectionOf(results)}\n${text.slice(to)}`;
}

function sectionOf(results: readonly Results[]): string {
  const rows = results.flatMap(({ name, rows }) =>
    rows.map((row) => ({ ...row, name: `${name}: ${row.name}` })),
  );
  return [...tableOf(rows), '', ...ranOn(results)].join('\n');
}

/** One line for each machine and commit, with the names of what ran there. */
function ranOn(results: readonly Results[]): string[] {
  const groups = Map.groupBy(results, ({ machine }) => said(machine));
  return [...groups].map(([where, some]) => `${some.map(({ name }) => name).join(', ')}: ${where}.`);
}

function said(machine: Machine): string {
  const { cpu, cores, memoryGb, os, node, valkey, commit, date, priority } = machine;
  const ran = priority === undefined ? '' : ', before all else on the machine';
  return `${cpu}, ${cores} cores, ${memoryGb} GB, ${os}, Node ${node}, Valkey ${valkey}, commit ${commit}, ${date}${ran}`;
}
