// Suites by suffix: what a test needs is in its name. No retries: a flaky test is a bug. Files run side by
// side; those that measure what people feel in milliseconds run after all others, one at a time.

import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './runner/order.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
// How long `expect.poll` waits for what must come true; a second, as by default, is less than a verb takes to
// start on a busy machine. What must be quick is measured where it is claimed.
const poll = { timeout: 9_000, interval: 50 };
// Most tests wait for processes, disks and clocks more than they work.
const maxWorkers = 2 * availableParallelism();
/** What they claim in milliseconds is claimed of a machine that does nothing else. */
const alone = [
  'test/e2e/collector.e2e.test.ts',
  'test/e2e/npm-start-times.e2e.test.ts',
  'test/web/tap.e2e.test.ts',
];
const prepared = { globalSetup: 'test/runner/programs.ts' };

/** Which lay something over a module, or look at their own heap; all others share what is loaded. */
const apart = globSync('test/**/*.test.ts', { cwd: root }).filter((file) =>
  /\bvi\.(doM|m)ock\(|\bmemoryUsage\(/.test(readFileSync(`${root}${file}`, 'utf8')),
);
const except = [...alone, ...apart];

const suite = (name: string, include: readonly string[], exclude: readonly string[], options: object) => ({
  test: {
    name,
    include: [...include],
    exclude: [...exclude],
    environment: 'node',
    retry: 0,
    expect: { poll },
    ...options,
  },
});
const ending = (suffix: string) => [`test/**/*.${suffix}.test.ts`];
const brief = { testTimeout: 90_000, hookTimeout: 60_000, maxWorkers, ...prepared };
const whole = { testTimeout: 240_000, hookTimeout: 120_000, maxWorkers, ...prepared };

export default defineConfig({
  root,
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      suite('unit', ending('unit'), except, { testTimeout: 10_000, maxWorkers, isolate: false }),
      // Each file has a Valkey of its own. Some run a dozen verbs.
      suite('int', ending('int'), except, { ...brief, isolate: false }),
      // Whole processes, killed and started.
      suite('e2e', ending('e2e'), except, { ...whole, isolate: false }),
      suite('apart', apart, alone, brief),
      suite('alone', alone, [], { ...whole, maxWorkers: 1, sequence: { groupOrder: 1 } }),
    ],
  },
});
