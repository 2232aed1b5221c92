// The README's table of what is lost, made from the JSON that a run has left.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Machine } from '../../bench/support/machine.ts';
import type { Cell } from './measure.ts';
import { applies, faultNames, faults, settings } from './settings.ts';

export interface Measured {
  readonly machine: Machine;
  readonly cells: readonly Cell[];
}

const [begin, end] = ['<!-- made by: npm run loss -- table -->', '<!-- end of the losses -->'];
const results = new URL('results/loss.json', import.meta.url);
const readme = new URL('../../../README.md', import.meta.url);

/** What the last run with --record has left. */
export const measured = (): Measured => JSON.parse(readFileSync(results, 'utf8')) as Measured;

/** Instead of what was kept of the same cells; a cell a line, so that a change can be read. */
export function record({ machine, cells }: Measured): void {
  const known = existsSync(results) ? measured().cells : [];
  const same = (one: Cell) => (other: Cell) => one.setting === other.setting && one.fault === other.fault;
  const all = [...known.filter((one) => !cells.some(same(one))), ...cells];
  const lines = all.map((cell) => `  ${JSON.stringify(cell)}`).join(',\n');
  writeFileSync(results, `{"machine":${JSON.stringify(machine)},"cells":[\n${lines}\n]}\n`);
}

/** The README as it is, and as the results make it. */
export function readmeWithTable(): { is: string; shouldBe: string } {
  const is = readFileSync(readme, 'utf8');
  return { is, shouldBe: existsSync(results) ? withTable(is, measured()) : is };
}

export const writeReadme = (): void => writeFileSync(readme, readmeWithTable().shouldBe);

export function withTable(text: string, found: Measured): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the document has no ${begin} … ${end}`);
  return `${text.slice(0, from + begin.length)}\n${tableOf(found).join('\n')}\n${text.slice(to)}`;
}

export function tableOf({ machine, cells }: Measured): string[] {
  const titles = ['appendfsync', ...faultNames.map((fault) => faults[fault]), 'when to choose it'];
  const rows = settings.map((setting) => [
    setting.name,
    ...faultNames.map((fault) => {
      const cell = cells.find((one) => one.setting === setting.name && one.fault === fault);
      if (cell === undefined) return applies(fault, setting) ? 'not measured' : 'nothing takes over';
      return said(cell);
    }),
    setting.when,
  ]);
  const { cpu, cores, memoryGb, os, node, valkey, commit, date } = machine;
  const sum = (of: 'rounds' | 'acknowledged' | 'doubled') => cells.reduce((all, cell) => all + cell[of], 0);
  return [
    ...[titles, titles.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`),
    '',
    `${number(sum('rounds'))} rounds, ${number(sum('acknowledged'))} acknowledged commands, ${number(sum('doubled'))} written twice. ` +
      `${cpu}, ${cores} cores, ${memoryGb} GB, ${os}, Node ${node}, Valkey ${valkey}, commit ${commit}, ${date}.`,
  ];
}

/** `0 of 51,200`, or how many in which share of the rounds, and how far back. */
function said({ lost, acknowledged, losing, rounds, lostMsMax }: Cell): string {
  if (lost === 0) return `0 of ${number(acknowledged)}, ${rounds} rounds`;
  const far = lostMsMax >= 1_000 ? `${(lostMsMax / 1_000).toFixed(1)} s` : `${lostMsMax} ms`;
  return `**${number(lost)}** of ${number(acknowledged)}, in ${losing} of ${rounds} rounds, up to ${far} back`;
}

const number = (value: number): string => value.toLocaleString('en-US');
