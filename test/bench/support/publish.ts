// How every benchmark tells what it found: a Markdown table, and one JSON object as the last line where
// that is wanted.

import { type Figure, type Row, rounded, withUnit } from './figures.ts';
import { type Machine, machine } from './machine.ts';

export interface Results {
  readonly name: string;
  readonly machine: Machine;
  readonly rows: readonly Row[];
}

/** Prints the table, and with `json` the results behind it. */
export async function publish(name: string, rows: readonly Row[], json: boolean): Promise<void> {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  console.log(tableOf(rows).join('\n'));
  if (json) console.log(JSON.stringify({ name, machine: await machine(), rows } satisfies Results));
}

/** The lines of a table of rows. */
export function tableOf(rows: readonly Row[]): string[] {
  const titles = ['work', 'ours', 'floor', 'peers', 'ours / others', 'mark', ''];
  return [lineOf(titles), lineOf(titles.map(() => '---')), ...rows.map((row) => lineOf(cellsOf(row)))];
}

function cellsOf({ name, unit, ours, floor, peers, ratios, cpuRatios, marks }: Row): string[] {
  const named = Object.entries(peers).map(([peer, figure]) => `${peer} ${told(figure, unit)}`);
  const compared = Object.entries(ratios).map(([other, ratio]) => {
    const cpu = cpuRatios?.[other] === undefined ? '' : ` (CPU ${cpuRatios[other]})`;
    return Object.keys(ratios).length === 1 ? `${ratio}${cpu}` : `${other} ${ratio}${cpu}`;
  });
  return [
    name,
    told(ours, unit),
    floor === undefined ? '' : told(floor, unit),
    named.join('; '),
    compared.join('; '),
    marks.map(({ says }) => says).join('; '),
    verdict(marks),
  ];
}

/** `held`, or what falls short by which figure. */
function verdict(marks: Row['marks']): string {
  const short = marks.filter(({ held }) => !held);
  if (marks.length === 0) return '';
  return short.length === 0 ? 'held' : `**short: ${short.map(({ figure }) => figure).join(', ')}**`;
}

function told({ value, clientUs, serverUs }: Figure, unit: string): string {
  const figure = withUnit(value, unit);
  if (clientUs === undefined || serverUs === undefined) return figure;
  return `${figure} (${rounded(clientUs)} + ${rounded(serverUs)} us)`;
}

const lineOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
