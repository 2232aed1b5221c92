// `npm test`: fetches what the tests need, runs the checks and every suite side by side, and says what came
// of each. The last line is the whole in one: `N passed, N failed`. A suite without tests fails, and nothing
// is skipped in silence. `npm test -- <files>` runs these files alone, `npm test -- --changed` those that a
// change touches, within a minute; `--times` keeps what each file took, for the order of the next runs.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findValkey } from '../server/setup/valkey-binary.ts';
import { checks } from './check.ts';
import { changedTests } from './runner/changed.ts';
import { secondsFile, suffixOf } from './runner/order.ts';
import { type Ran, type Result, readRun } from './runner/results.ts';
import { findChromium } from './support/chromium.ts';
import { findPromtool } from './support/promtool.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const startedAt = performance.now();
const words = process.argv.slice(2);
const only = words.filter((word) => !word.startsWith('--'));
const say = (line: string) => process.stderr.write(`test: ${line}\n`);
/** Shorter ones are not worth a line in the list of what files took. */
const worthSeconds = 3;
const namedLongest = 10;

/** Ends with its exit code. What it says is said at its end where `aside`: others speak meanwhile. */
async function run(args: readonly string[], aside = false): Promise<number | null> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: aside ? ['ignore', 'pipe', 'pipe'] : ['ignore', 2, 2],
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  process.stderr.write(Buffer.concat(said));
  return code;
}

async function runChecks(): Promise<Result> {
  let passed = 0;
  for (const [name, args] of checks) {
    const good = (await run(args, true)) === 0;
    say(`${name}: ${good ? 'no objection' : 'failed'}`);
    passed += Number(good);
  }
  return { suite: 'check', passed, failed: checks.length - passed, skipped: [] };
}

/** `files`: null for all. */
async function runTests(folder: string, files: readonly string[] | null): Promise<Ran> {
  const report = join(folder, 'report.json');
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts'];
  const reporters = ['default', './test/runner/progress.ts', 'json'].map((name) => `--reporter=${name}`);
  const good = (await run([...vitest, ...reporters, `--outputFile.json=${report}`, ...(files ?? [])])) === 0;
  return readRun(report, files, good);
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

/** The checks take one core's time while the longest tests wait. */
async function runAll(folder: string): Promise<Result[]> {
  await fetchTools();
  const [check, { results, seconds }] = await Promise.all([runChecks(), runTests(folder, null)]);
  const longest = seconds.slice(0, namedLongest).map(([file, took]) => `${file} ${Math.round(took)} s`);
  say(`the longest files: ${longest.join(', ')}`);
  if (words.includes('--times')) keepTimes(seconds);
  return [check, ...results];
}

function keepTimes(seconds: Ran['seconds']): void {
  const long = seconds.filter(([, took]) => took >= worthSeconds).sort(([a], [b]) => (a < b ? -1 : 1));
  const kept = Object.fromEntries(long.map(([file, took]) => [file, Math.round(took)]));
  writeFileSync(secondsFile, `${JSON.stringify(kept, null, 2)}\n`);
}

async function runChanged(folder: string): Promise<Result[]> {
  const { run: files, leftOut } = changedTests(folder);
  say(`${files.length} files`);
  if (leftOut.length > 0) say(`left to npm test, since they take longer: ${leftOut.join(', ')}`);
  return [...(await runTests(folder, files)).results];
}

async function runOnly(folder: string): Promise<Result[]> {
  const stray = only.filter((file) => suffixOf(file) === null);
  const failed = stray.map((file) => ({ suite: `no suite has ${file}`, passed: 0, failed: 1, skipped: [] }));
  if (stray.length === only.length) return failed;
  const tests = only.filter((file) => suffixOf(file) !== null);
  return [...failed, ...(await runTests(folder, tests)).results];
}

say(`node is ${process.version}, ${process.execPath}`);
const folder = mkdtempSync(join(tmpdir(), 'arena-test-'));
try {
  const chosen = only.length > 0 ? runOnly : words.includes('--changed') ? runChanged : runAll;
  const results = await chosen(folder);
  printTable(results);
  say(`it took ${Math.round((performance.now() - startedAt) / 1_000)} s`);
  const total = (what: 'passed' | 'failed') => results.reduce((sum, result) => sum + result[what], 0);
  process.stdout.write(`${total('passed')} passed, ${total('failed')} failed\n`);
  process.exitCode = total('failed') === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
