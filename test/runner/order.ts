// In which order test files run that run side by side: the longest first, by what they took before. Tests
// of `.unit` wait for nothing and share a process, so all of them count as one long file: they fill what
// the others leave while they wait.

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { z } from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const secondsFile = fileURLToPath(new URL('seconds.json', import.meta.url));

/** Of a file that stands in no list. */
const usual = { unit: 0.4, int: 4, e2e: 20 } as const;
/** What all files of `.unit` take together. */
const unitSeconds = 60;

/** Seconds of each file that takes more than a few, as `npm test -- --times` wrote them. */
const known = new Map(
  Object.entries(z.record(z.string(), z.number()).parse(JSON.parse(readFileSync(secondsFile, 'utf8')))),
);

export type Suffix = keyof typeof usual;

export const suffixes = Object.keys(usual) as Suffix[];

/** By which a file says what it needs; null where it is no test. */
export const suffixOf = (file: string): Suffix | null =>
  suffixes.find((suffix) => file.endsWith(`.${suffix}.test.ts`)) ?? null;

export function secondsOf(file: string): number {
  const suffix = suffixOf(file);
  return known.get(file) ?? (suffix === null ? 0 : usual[suffix]);
}

const rank = (file: string): number => (suffixOf(file) === 'unit' ? unitSeconds : secondsOf(file));

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const groupOf = ({ project }: TestSpecification) => project.config.sequence.groupOrder;
    const rankOf = ({ moduleId }: TestSpecification) => rank(relative(root, moduleId));
    return files.toSorted((a, b) => groupOf(a) - groupOf(b) || rankOf(b) - rankOf(a));
  }
}
