// `npm test`: fetches what the tests need, runs the checks and every suite, one after the other, and says
// what came of each. The last line is the whole in one: `N passed, N failed`. A suite without tests fails,
// and nothing is skipped in silence. `npm test -- <files>` runs these files alone.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { findValkey } from '../server/setup/valkey-binary.ts';
import { checks, runCheck } from './check.ts';
import { findChromium } from './support/chromium.ts';
import { findPromtool } from './support/promtool.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const suites = ['unit', 'int', 'e2e'] as const;
const only = process.argv.slice(2);
const say = (line: string) => process.stderr.write(`test: ${line}\n`);

interface Result {
  readonly suite: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
}

const Assertion = z.object({ fullName: z.string(), status: z.string() });
const Report = z.object({
  testResults: z.array(
    z.object({ name: z.string(), status: z.string(), assertionResults: z.array(Assertion) }),
  ),
});

function runChecks(): Result {
  const outcomes = checks.map(([name, args]) => {
    say(name);
    return runCheck(args);
  });
  const passed = outcomes.filter(Boolean).length;
  return { suite: 'check', passed, failed: outcomes.length - passed, skipped: [] };
}

function isOf(suite: string): (file: string) => boolean {
  return (file) => file.endsWith(`.${suite}.test.ts`);
}

function runSuite(suite: string, folder: string): Result {
  say(`suite ${suite}`);
  const file = join(folder, `${suite}.json`);
  const vitest = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'test/vitest.config.ts',
    '--project',
    suite,
    ...only.filter(isOf(suite)),
  ];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { status } = spawnSync(process.execPath, [...vitest, ...reporters], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  return readResult(suite, file, status === 0);
}

/** A file that could not be loaded has no tests to fail, so it counts as one; so does a suite without any. */
function readResult(suite: string, file: string, good: boolean): Result {
  const { testResults } = Report.parse(JSON.parse(readFileSync(file, 'utf8')));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const count = (status: string) => tests.filter((test) => test.status === status).length;
  const broken = testResults.filter((each) => each.status === 'failed' && each.assertionResults.length === 0);
  const passed = count('passed');
  const failed = count('failed') + broken.length;
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  const unexplained = failed === 0 && (!good || passed === 0) ? 1 : 0;
  return { suite, passed, failed: failed + unexplained, skipped: skipped.map(({ fullName }) => fullName) };
}

function printTable(results: readonly Result[]): void {
  say('suite        passed  failed  skipped');
  for (const { suite, passed, failed, skipped } of results) {
    const cells = [passed, failed, skipped.length].map((count) => String(count).padStart(7));
    say(`${suite.padEnd(12)}${cells.join(' ')}`);
    for (const name of skipped) say(`  skipped: ${name}`);
  }
}

/** Fetched before anything runs, so that no test waits for it. */
async function fetchTools(): Promise<void> {
  const home = join(root, '.arena');
  const tools = { 'valkey-server': findValkey, chromium: findChromium, promtool: findPromtool };
  for (const [name, find] of Object.entries(tools)) {
    const found = await find(home, say);
    say(`${name} is ${'command' in found ? found.command : found.executable}`);
  }
}

async function runAll(folder: string): Promise<Result[]> {
  await fetchTools();
  return [runChecks(), ...suites.map((suite) => runSuite(suite, folder))];
}

function runOnly(folder: string): Result[] {
  const stray = only.filter((file) => !suites.some((suite) => isOf(suite)(file)));
  return [
    ...stray.map((file) => ({ suite: `no suite has ${file}`, passed: 0, failed: 1, skipped: [] })),
    ...suites.filter((suite) => only.some(isOf(suite))).map((suite) => runSuite(suite, folder)),
  ];
}

say(`node is ${process.version}, ${process.execPath}`);
const folder = mkdtempSync(join(tmpdir(), 'arena-test-'));
try {
  const results = only.length === 0 ? await runAll(folder) : runOnly(folder);
  printTable(results);
  const total = (what: 'passed' | 'failed') => results.reduce((sum, result) => sum + result[what], 0);
  process.stdout.write(`${total('passed')} passed, ${total('failed')} failed\n`);
  process.exitCode = total('failed') === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
