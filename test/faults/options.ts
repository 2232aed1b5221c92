// What `npm run faults` is told. All of it is printed with the seed, so that a run can be played again.

import { parseArgs } from 'node:util';

const worldNames = ['orders', 'research', 'game'] as const;
type WorldName = (typeof worldNames)[number];

export interface FaultOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly worlds: readonly WorldName[];
  /**
   * Each chapter is a Valkey, faults, healing and a verdict of its own, so that no log grows for an hour.
   */
  readonly chapterMinutes: number;
  /** Null: what each world bears. */
  readonly killsPerMinute: number | null;
  readonly valkeyPerMinute: number | null;
  /** `all`: a pair of a command and a fault that never occurred is red. `none`: it is told alone. */
  readonly pairs: 'all' | 'none';
  /** Where the summary is written as Markdown; null for nowhere. */
  readonly report: string | null;
}

export const usage = `npm run faults -- [--minutes M] [--seed S] [--profile ${worldNames.join('|')}|all]
  [--chapter-minutes C] [--kills-per-minute K] [--valkey-per-minute V] [--pairs all|none] [--report file]`;

/** @throws Error with one sentence for what cannot be meant. */
export function readOptions(args: readonly string[]): FaultOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: text,
      seed: text,
      profile: text,
      'chapter-minutes': text,
      'kills-per-minute': text,
      'valkey-per-minute': text,
      pairs: text,
      report: text,
    },
  });
  const { profile = 'all', pairs = 'all' } = values;
  const worlds = worldNames.filter((name) => profile === 'all' || profile.split(',').includes(name));
  if (worlds.length === 0) throw new Error(`--profile is one of ${worldNames.join(', ')}, all`);
  if (pairs !== 'all' && pairs !== 'none') throw new Error('--pairs is all or none');
  return {
    minutes: numberIn('minutes', values.minutes ?? '5'),
    seed: numberIn('seed', values.seed ?? '1'),
    worlds,
    chapterMinutes: numberIn('chapter-minutes', values['chapter-minutes'] ?? '5'),
    killsPerMinute: numberOrNull('kills-per-minute', values['kills-per-minute']),
    valkeyPerMinute: numberOrNull('valkey-per-minute', values['valkey-per-minute']),
    pairs,
    report: values.report ?? null,
  };
}

const numberOrNull = (name: string, text: string | undefined): number | null =>
  text === undefined ? null : numberIn(name, text);

function numberIn(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0) throw new Error(`--${name} is a number above 0, not ${text}`);
  return number;
}
