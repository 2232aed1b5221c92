// A chapter: a Valkey, a line and a world of their own; faults by the schedule of a seed while the world
// works; then all is healed, everything has to drain, and the judge looks.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inject, type Target } from './inject.ts';
import { startLine } from './line.ts';
import { createRandom } from './random.ts';
import { createSeeker, faultNames, type Planned, schedule } from './schedule.ts';
import { startStore } from './store.ts';
import { type Counts, createTally, type Tally } from './tally.ts';
import type { Running, Verdict, World } from './world.ts';

const preload = fileURLToPath(new URL('./in-each-process.cjs', import.meta.url));
const compileCache = fileURLToPath(new URL('../../.arena/compile-cache', import.meta.url));
const firstMsMax = 60_000;
const healMsMax = 30_000;
const endMsMax = 60_000;
const settleMsMax = 120_000;

export interface Chapter {
  readonly world: string;
  readonly seed: number;
  readonly ms: number;
  readonly counts: Counts;
  readonly restarts: number;
  /** How long it took to drain after the last fault, in ms. */
  readonly settledMs: number;
  readonly verdict: Verdict;
  /** What else went wrong: a world that does not begin, drain or end. */
  readonly failures: readonly string[];
  readonly folder: string;
}

export interface Plan {
  readonly world: World;
  readonly seed: number;
  readonly ms: number;
  readonly killsPerMinute: number;
  readonly valkeyPerMinute: number;
  readonly folder: string;
  /** Pairs of a command and a fault that are looked for. */
  readonly missing: ReadonlySet<string>;
  /** Instead of the schedule of the seed. */
  readonly planned?: readonly Planned[];
  readonly few?: boolean;
}

const nothing: Verdict = { counts: {}, lost: [], doubled: [], disorder: [] };

export async function playChapter(plan: Plan): Promise<Chapter> {
  const { world, seed, ms, folder, few = false } = plan;
  const planned = plan.planned ?? schedule({ ...plan, kinds: world.kinds });
  mkdirSync(folder, { recursive: true });
  const tally = createTally(world.commands, faultNames(world.kinds));
  const store = await startStore(folder);
  const line = await startLine(store.port, createRandom(seed + 1));
  const clockFile = (kind: string) => join(folder, `clock-${kind}`);
  for (const kind of world.kinds) writeFileSync(clockFile(kind), '0');
  const failures: string[] = [];
  let settledMs = 0;
  let verdict = nothing;
  let running: Running | null = null;
  try {
    running = await world.start({
      url: `redis://127.0.0.1:${line.port}`,
      direct: `redis://127.0.0.1:${store.port}`,
      seed,
      folder,
      few,
      environment: (kind) => ({
        NODE_OPTIONS: `--require ${preload}`,
        NODE_COMPILE_CACHE: compileCache,
        FAULTS_CLOCK: clockFile(kind),
      }),
      note: tally.note,
    });
    const target = { running, store, line, tally, stopped: new Set<number>(), clockFile };
    await underFaults(plan, target, planned);
    const healedAt = performance.now();
    await running.settle(AbortSignal.timeout(settleMsMax));
    settledMs = performance.now() - healedAt;
  } catch (error) {
    failures.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  try {
    if (running !== null) verdict = await running.judge();
  } catch (error) {
    failures.push(`the judge: ${error instanceof Error ? error.stack : error}`);
  }
  await running?.stop();
  await line.stop();
  await store.stop();
  return {
    world: world.name,
    seed,
    ms,
    counts: tally,
    restarts: store.restarts(),
    settledMs,
    verdict,
    failures,
    folder,
  };
}

/**
 * Resolves when the last fault is healed and the last command has ended. Rejects when either never does.
 */
async function underFaults(plan: Plan, target: Target, planned: readonly Planned[]): Promise<void> {
  const enough = new AbortController();
  const work = target.running.work(enough.signal);
  try {
    await Promise.race([untilWorks(target.tally), work]);
    const begunAt = performance.now();
    const struck: Promise<void>[] = [];
    const troubles: unknown[] = [];
    const strike = (one: Planned) =>
      struck.push(inject(target, one).catch((error: unknown) => void troubles.push(error)));
    const sought = createSeeker({ ...plan, kinds: plan.world.kinds, seed: plan.seed + 2 });
    target.tally.listen((command) => {
      const found = sought(command, Math.floor(performance.now() - begunAt));
      if (found !== null) strike(found);
    });
    for (const one of planned) {
      await sleep(Math.max(0, begunAt + one.atMs - performance.now()));
      strike(one);
    }
    await sleep(Math.max(0, begunAt + plan.ms - performance.now()));
    target.tally.listen(null);
    await within(Promise.all(struck), healMsMax, 'the healing of the last faults');
    if (troubles.length > 0) throw troubles[0];
  } finally {
    enough.abort();
    await within(work, endMsMax, 'the end of the last commands');
  }
}

async function untilWorks({ outcomes }: Tally): Promise<void> {
  const late = performance.now() + firstMsMax;
  while (outcomes.ok === 0) {
    if (performance.now() > late) throw new Error(`no command was acknowledged within ${firstMsMax} ms`);
    await sleep(20);
  }
}

async function within<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  const late = new AbortController();
  const timeout = sleep(ms + 1_000, undefined, { signal: late.signal, ref: false }).then(() => {
    throw new Error(`${what} did not come within ${ms} ms`);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    late.abort();
    timeout.catch(() => undefined);
  }
}
