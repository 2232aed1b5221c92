// The README's table of results, made from the JSON that runs have left in `results/`.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { benchmarks } from '../names.ts';
import type { Machine } from './machine.ts';
import { type Results, tableOf } from './publish.ts';

const readme = new URL('../../../README.md', import.meta.url);
const [begin, end] = ['<!-- made by: npm run bench -- results -->', '<!-- end of the results -->'];

/** What is kept, in the order of the names. */
export function keptResults(): Results[] {
  return Object.keys(benchmarks).flatMap((name) => {
    const file = new URL(`../results/${name}.json`, import.meta.url);
    return existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8')) as Results] : [];
  });
}

export function writeReadme(): void {
  writeFileSync(readme, withResults(readFileSync(readme, 'utf8'), keptResults()));
}

/** The text with the results between its two lines; those rows alone that have a mark. */
export function withResults(text: string, results: readonly Results[]): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md has no ${begin} … ${end}`);
  return `${text.slice(0, from + begin.length)}\n${sectionOf(results)}\n${text.slice(to)}`;
}

function sectionOf(results: readonly Results[]): string {
  const rows = results.flatMap(({ name, rows }) =>
    rows.filter(({ marks }) => marks.length > 0).map((row) => ({ ...row, name: `${name}: ${row.name}` })),
  );
  return [...tableOf(rows), '', ...ranOn(results)].join('\n');
}

/** One line for each machine and commit, with the names of what ran there. */
function ranOn(results: readonly Results[]): string[] {
  const groups = Map.groupBy(results, ({ machine }) => said(machine));
  return [...groups].map(([where, some]) => `${some.map(({ name }) => name).join(', ')}: ${where}.`);
}

const said = ({ cpu, cores, memoryGb, os, node, valkey, commit, date }: Machine): string =>
  `${cpu}, ${cores} cores, ${memoryGb} GB, ${os}, Node ${node}, Valkey ${valkey}, commit ${commit}, ${date}`;
