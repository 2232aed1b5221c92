// Suites by suffix: what a test needs is in its name. No retries: a flaky test is a bug.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
// How long `expect.poll` waits for what must come true; a second, as by default, is less than a verb takes to
// start on a busy machine. What must be quick is measured where it is claimed.
const poll = { timeout: 9_000, interval: 50 };
const globalSetup = 'test/support/programs.ts';
const suite = (name: string, options: object) => ({
  test: {
    name,
    include: [`test/**/*.${name}.test.ts`],
    environment: 'node',
    retry: 0,
    expect: { poll },
    ...options,
  },
});

export default defineConfig({
  root,
  test: {
    projects: [
      suite('unit', { testTimeout: 10_000 }),
      // Each file has a Valkey of its own; two cores bear two of them. Some run a dozen verbs, each of which
      // takes three seconds to start when others work, too.
      suite('int', { testTimeout: 90_000, hookTimeout: 60_000, maxWorkers: 2, globalSetup }),
      // Whole processes, killed and started: one file after the other.
      suite('e2e', {
        testTimeout: 240_000,
        hookTimeout: 120_000,
        maxWorkers: 1,
        fileParallelism: false,
        globalSetup,
      }),
    ],
  },
});
