// `npm run faults`: programs under test, a workload, and faults that overlap, all from one seed; then a
// verdict from what clients saw and from the raw log.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Chapter, playChapter } from './chapter.ts';
import { type FaultOptions, readOptions, usage } from './options.ts';
import { markdownOf, objections, type Run } from './report.ts';
import { faultNames } from './schedule.ts';
import { addUp, createTally, missingPairs } from './tally.ts';
import type { World } from './world.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const say = (line: string) => process.stderr.write(`faults: ${line}\n`);

function optionsOrEnd(): FaultOptions {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${usage}`);
    process.exit(2);
  }
}

async function loadWorld(name: string): Promise<World> {
  const { world } = (await import(`./worlds/${name}.ts`)) as { world: World };
  return world;
}

/** Worlds in turn, so that a run that is cut short has seen each. */
async function playAll(options: FaultOptions, folder: string): Promise<Chapter[]> {
  const worlds = await Promise.all(options.worlds.map(loadWorld));
  for (const world of worlds) await world.prepare?.(join(folder, world.name));
  const count = Math.max(worlds.length, Math.round(options.minutes / options.chapterMinutes));
  const chapters: Chapter[] = [];
  for (let at = 0; at < count; at++) {
    const world = worlds[at % worlds.length];
    if (world === undefined) throw new Error('a run without a world');
    const seed = options.seed * 1_000 + at;
    const own = join(folder, `${world.name}-${seed}`);
    const ms = Math.round((options.minutes * 60_000) / count);
    say(`chapter ${at + 1} of ${count}: ${world.name}, seed ${seed}, ${Math.round(ms / 1_000)} s`);
    const { kills, restarts } = world.bears;
    const killsPerMinute = options.killsPerMinute ?? kills;
    const valkeyPerMinute = options.valkeyPerMinute ?? restarts;
    const missing = stillMissing(world, chapters);
    const rates = { killsPerMinute, valkeyPerMinute };
    const chapter = await playChapter({ world, seed, ms, ...rates, missing, folder: own });
    chapters.push(chapter);
    say(summaryOf(chapter));
    if (isGood(chapter)) rmSync(own, { recursive: true, force: true });
  }
  return chapters;
}

/** Pairs that no chapter of this world has seen so far. */
function stillMissing({ name, commands, kinds }: World, chapters: readonly Chapter[]): Set<string> {
  const before = chapters.filter(({ world }) => world === name).map(({ counts }) => counts);
  return new Set(missingPairs(addUp([createTally(commands, faultNames(kinds)), ...before])));
}

const isGood = ({ verdict, failures }: Chapter): boolean =>
  failures.length + verdict.lost.length + verdict.doubled.length + verdict.disorder.length === 0;

function summaryOf({ counts, restarts, verdict, failures, settledMs }: Chapter): string {
  const { ok, refused, unknown } = counts.outcomes;
  const { lost, doubled, disorder } = verdict;
  const kills = [...counts.faults].reduce(
    (sum, [name, { held }]) => sum + (/^kill /.test(name) ? held : 0),
    0,
  );
  const found = `lost ${lost.length}, doubled ${doubled.length}, order broken ${disorder.length}`;
  const did = `${ok} acknowledged, ${refused} refused, ${unknown} unknown, ${kills} kills, ${restarts} restarts`;
  return `  ${found}; ${did}; drained in ${Math.round(settledMs)} ms${failures.map((one) => `\n  ${one}`).join('')}`;
}

function git(...words: readonly string[]): string {
  try {
    return execFileSync('git', words, { cwd: checkout, encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

function commit(): string {
  const changed = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ', with changes';
  return `${git('rev-parse', '--short=12', 'HEAD') || 'unknown'}${changed}`;
}

function machine(): string {
  const [first] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return `${cpus().length} cores (${first?.model.trim()}), ${memory}, Linux ${release()}, Node ${process.version}`;
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
const options = optionsOrEnd();
say(`options ${JSON.stringify(options)}`);
const folder = mkdtempSync(join(tmpdir(), 'arena-faults-'));
const begun = { options, commit: commit(), machine: machine(), startedAt: new Date().toISOString() };
const run: Run = { ...begun, chapters: await playAll(options, folder) };
const markdown = markdownOf(run);
process.stdout.write(`${markdown}\n`);
if (options.report !== null) writeFileSync(options.report, `${markdown}\n`);
const red = objections(run);
for (const one of red) say(`RED ${one}`);
if (red.length === 0) rmSync(folder, { recursive: true, force: true });
else say(`histories and data are kept in ${folder}`);
say(red.length === 0 ? 'green' : 'red');
process.exit(red.length === 0 ? 0 : 1);
