// What came of a run of vitest, by suffix. A file that could not be loaded has no tests to fail, so it counts
// as one; so does a file that was asked for and did not run.

import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { suffixes, suffixOf } from './order.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Result {
  readonly suite: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
}

const Assertion = z.object({ fullName: z.string(), status: z.string() });
const File = z.object({
  name: z.string().transform((path) => relative(root, path)),
  status: z.string(),
  startTime: z.number(),
  endTime: z.number(),
  assertionResults: z.array(Assertion),
});
const Report = z.object({ testResults: z.array(File) });
type FileResult = z.infer<typeof File>;

export interface Ran {
  readonly results: readonly Result[];
  /** Seconds of each file, the longest first. */
  readonly seconds: readonly (readonly [file: string, seconds: number])[];
}

/** `wanted`: files that must have run; null for every suite. `good`: vitest itself has no objection. */
export async function readRun(report: string, wanted: readonly string[] | null, good: boolean): Promise<Ran> {
  const text = await readFile(report, 'utf8').catch(() => '{"testResults": []}');
  const files = Report.parse(JSON.parse(text)).testResults;
  const suites = suffixes
    .map((suffix) =>
      resultOf(
        suffix,
        files.filter(({ name }) => suffixOf(name) === suffix),
      ),
    )
    .filter(({ passed, failed, skipped }) => wanted === null || passed + failed + skipped.length > 0);
  const results = [...suites, ...(wanted ?? []).flatMap((file) => missing(file, files))];
  const explained = good || results.some(({ failed }) => failed > 0);
  if (!explained) results.push(failure('outside of every test'));
  if (wanted === null)
    for (const { suite, passed } of suites) if (passed === 0) results.push(failure(`no test of ${suite}`));
  const seconds = files
    .map(({ name, startTime, endTime }) => [name, (endTime - startTime) / 1_000] as const)
    .sort(([, a], [, b]) => b - a);
  return { results, seconds };
}

const failure = (suite: string): Result => ({ suite, passed: 0, failed: 1, skipped: [] });

const missing = (file: string, files: readonly FileResult[]): Result[] =>
  files.some(({ name }) => name.includes(file)) ? [] : [failure(`no suite has ${file}`)];

function resultOf(suite: string, files: readonly FileResult[]): Result {
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  const count = (status: string) => tests.filter((test) => test.status === status).length;
  const broken = files.filter((each) => each.status === 'failed' && each.assertionResults.every(isFine));
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  return {
    suite,
    passed: count('passed'),
    failed: count('failed') + broken.length,
    skipped: skipped.map(({ fullName }) => fullName),
  };
}

const isFine = ({ status }: { readonly status: string }): boolean => status !== 'failed';
