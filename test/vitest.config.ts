// Suites by suffix: what a test needs is in its name. No retries: a flaky test is a bug. Files run side by
// side; those that measure what people feel in milliseconds run after all others, one at a time.

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

const suite = (name: string, options: object, files: object) => ({
  test: { name, environment: 'node', retry: 0, expect: { poll }, maxWorkers, ...options, ...files },
});
const ending = (suffix: string) => `test/**/*.${suffix}.test.ts`;
const whole = { testTimeout: 240_000, hookTimeout: 120_000, ...prepared };

export default defineConfig({
  root,
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      // They share what they load.
      suite('unit', { testTimeout: 10_000, isolate: false }, { include: [ending('unit')] }),
      // Each file has a Valkey of its own. Some run a dozen verbs.
      suite('int', { testTimeout: 90_000, hookTimeout: 60_000, ...prepared }, { include: [ending('int')] }),
      // Whole processes, killed and started.
      suite('e2e', whole, { include: [ending('e2e')], exclude: alone }),
      suite('alone', { ...whole, maxWorkers: 1, sequence: { groupOrder: 1 } }, { include: alone }),
    ],
  },
});
