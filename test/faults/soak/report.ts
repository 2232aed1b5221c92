// What a soak found, as Markdown, and what of it is not as it should be.

import { writeFileSync } from 'node:fs';
import type { Machine } from '../../bench/support/machine.ts';
import { type Census, ofRooms } from './census.ts';
import type { Ending } from './ending.ts';
import { type Trend, trendOf } from './flat.ts';
import type { SoakOptions } from './options.ts';
import type { Series } from './samples.ts';
import { tooMuchIn } from './stays.ts';

const file = new URL('../SOAK.md', import.meta.url);
const growthMax = 0.05;

interface Look {
  /** Bytes that processes hold after their garbage was collected. */
  readonly heaps: ReadonlyMap<string, number>;
  readonly census: Census;
}

export interface Soaked {
  readonly options: SoakOptions;
  readonly machine: Machine;
  readonly tally: {
    readonly joined: number;
    readonly answered: number;
    readonly over: number;
    readonly refused: Readonly<Record<string, number>>;
  };
  readonly series: Series;
  readonly changes: readonly string[];
  readonly first: Look;
  readonly last: Look;
  readonly retired: number;
  readonly ending: Ending;
}

const trendsOf = ({ series, options }: Soaked): Trend[] =>
  [...series].flatMap(([name, points]) => trendOf(name, points, options.minutes) ?? []);

export function verdictOf(soaked: Soaked): string[] {
  const { ending, changes, tally } = soaked;
  const trends = trendsOf(soaked);
  const refused = Object.entries(tally.refused).filter(([code]) => code !== 'too_late');
  return [
    ...(trends.length === 0 ? ['too short to tell whether memory is flat'] : []),
    ...trends
      .filter(({ growth }) => growth > growthMax)
      .map(({ name, growth }) => `${name} grew by ${share(growth)}`),
    ...changes,
    ...ending.groups.flatMap(({ name, lag, pending, consumers }) =>
      lag + pending + consumers === 0
        ? []
        : [`${name} is left with ${lag} unread, ${pending} pending, ${consumers} consumers`],
    ),
    ...(ending.timers === 0 ? [] : [`${ending.timers} timers are left`]),
    ...(ending.deadLetters === 0 ? [] : [`${ending.deadLetters} dead letters`]),
    ...tooMuchIn(ending.census),
    ...refused.map(([code, count]) => `${count} answers were refused: ${code}`),
    ...(tally.over === soaked.retired
      ? []
      : [`${tally.over} games were played, and ${soaked.retired} rooms left`]),
  ];
}

const share = (of: number): string => `${of >= 0 ? '+' : '−'}${Math.abs(100 * of).toFixed(1)} %`;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const table = (titles: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] => [
  row(titles),
  row(titles.map(() => '---')),
  ...rows.map(row),
  '',
];

export function reportOf(soaked: Soaked): string {
  const { options, machine, tally, retired } = soaked;
  const { minutes, players, rooms } = options;
  const { cpu, cores, memoryGb, os, node, valkey, commit, date } = machine;
  const problems = verdictOf(soaked);
  return [
    '# Soak',
    '',
    `\`npm run soak -- --minutes ${minutes} --players ${players} --rooms ${rooms} --report\` made this page. ${cpu}, ${cores} cores,`,
    `${memoryGb} GB, ${os}, Node ${node}, Valkey ${valkey}, commit ${commit}, ${date}.`,
    '',
    problems.length === 0 ? '**Held.**' : `**Short:** ${problems.join('; ')}.`,
    '',
    `${tally.over} games of ${players / rooms} players in ${rooms} rooms at a time, ${tally.joined} players joined, ${tally.answered} answers were`,
    `confirmed; ${retired} rooms were archived and left the store. The memory and the past games were full when it began, so that`,
    'each new one took the place of an old one.',
    '',
    ...memoryOf(soaked),
    ...keysOf(soaked),
    ...leftOf(soaked),
  ].join('\n');
}

function memoryOf(soaked: Soaked): string[] {
  const { first, last } = soaked;
  return [
    '## Memory',
    '',
    'Medians of the first window behind the start and of the last one; the line is that of least squares through all between,',
    'as a share of what it begins with. Resident is what Linux counts for the process (VmRSS), every 5 s; nothing was collected',
    'by force but at the two looks below.',
    '',
    ...table(
      ['what', 'first', 'last', 'growth', 'line'],
      trendsOf(soaked).map(({ name, first, last, growth, slope }) => [
        name,
        megabytes(first),
        megabytes(last),
        share(growth),
        share(slope),
      ]),
    ),
    'Heap of each Node process after its garbage was collected, at the end of the first window and at the end of the run:',
    '',
    ...table(
      ['process', 'then', 'at the end'],
      [...last.heaps].map(([name, bytes]) => [
        name,
        megabytes(first.heaps.get(name) ?? Number.NaN),
        megabytes(bytes),
      ]),
    ),
  ];
}

const held = (census: Census, family: string): number[] => {
  const { keys, things, bytes } = census[family] ?? { keys: 0, things: 0, bytes: 0 };
  return [keys, things, Math.round(bytes / 1_000)];
};

function keysOf({ first, last }: Soaked): string[] {
  const families = [...new Set([first, last].flatMap(({ census }) => Object.keys(census)))].sort();
  return [
    '## Keys',
    '',
    'At the same two moments: keys, what is in them, and kB.',
    '',
    ...table(
      ['family', 'keys', 'things', 'kB', 'keys at the end', 'things', 'kB'],
      families.map((family) => [
        `\`${family}\``,
        ...held(first.census, family),
        ...held(last.census, family),
      ]),
    ),
  ];
}

function leftOf({ ending }: Soaked): string[] {
  const { groups, timers, deadLetters, census } = ending;
  return [
    '## What is left',
    '',
    'After all rooms had left and the stack had ended, its data was loaded once more.',
    '',
    ...table(
      ['group', 'unread', 'pending', 'consumers'],
      groups.map(({ name, lag, pending, consumers }) => [name, lag, pending, consumers]),
    ),
    `Timers ${timers}, dead letters ${deadLetters}, keys of rooms ${ofRooms(census).length}. Keys that stay:`,
    '',
    ...table(
      ['family', 'keys', 'things', 'kB'],
      Object.keys(census)
        .sort()
        .map((family) => [`\`${family}\``, ...held(census, family)]),
    ),
  ];
}

export const writeReport = (text: string): void => writeFileSync(file, text);
