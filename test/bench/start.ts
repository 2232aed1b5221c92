// `npm run bench -- start [--json]`: a second `npm start` until /health answers and until a player has
// answered a first question, and what the stack takes when nothing is played. Beside its memory stands
// that of one empty process of the same parts, and of each where five run. INSTALL=1 also starts a fresh
// clone, which downloads; BESIDE=<folder> measures the checkout of another version by turns.

import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../server/setup/embedded-valkey.ts';
import { findValkey } from '../../server/setup/valkey-binary.ts';
import { startTestValkey } from '../support/valkey.ts';
import { cpuMs, familyOf, memoryMb } from './start/family.ts';
import { type Stage, startLife } from './start/life.ts';
import { atMost, type Row, rowOf } from './support/figures.ts';
import { interleaved, progress } from './support/interleaved.ts';
import { publish } from './support/publish.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const emptyProcess = fileURLToPath(new URL('./start/empty-process.mjs', import.meta.url));
const { BESIDE: beside, INSTALL: install } = process.env;
// What a start leaves to be done is done by then: all claims are loaded.
const settleMs = 10_000;
const idleMs = Number(process.env['IDLE_MS'] ?? 20_000);

interface Seen {
  readonly healthMs: number;
  readonly questionMs: number;
  /** CPU of all processes up to then. */
  readonly questionCpuMs: number;
  /** After that question, and of a stack in which nothing was ever played. */
  readonly playedMb: number;
  readonly memoryMb: number;
  /** Of one core. */
  readonly cpuPercent: number;
}

async function oneStart(stage: Stage): Promise<Seen> {
  const played = await startLife(stage);
  const { healthMs } = played;
  const questionMs = await played.firstQuestionMs();
  const questionCpuMs = cpuMs(played.family());
  await sleep(settleMs);
  const playedMb = memoryMb(played.family());
  await played.stop();
  const idle = await startLife(stage);
  await sleep(settleMs);
  const before = cpuMs(idle.family());
  await sleep(idleMs);
  const cpuPercent = ((cpuMs(idle.family()) - before) / idleMs) * 100;
  const seen = { healthMs, questionMs, questionCpuMs, playedMb, cpuPercent };
  const memory = memoryMb(idle.family());
  await idle.stop();
  return { ...seen, memoryMb: memory };
}

/** A folder that has been started in before, with a Valkey that was fetched before. */
async function stageOf(root: string): Promise<Stage> {
  const known = join(checkout, '.arena');
  await findValkey(known, () => undefined);
  const dataDir = await mkdtemp(join(tmpdir(), 'arena-bench-start-'));
  await symlink(join(known, 'valkey'), join(dataDir, 'valkey'));
  return { root, dataDir, port: await freePort() };
}

/** The memory of each of so many empty processes, in MB. */
async function emptyMb(count: number, url: string): Promise<number> {
  const children = Array.from({ length: count }, () => fork(emptyProcess, [url], { stdio: 'inherit' }));
  await Promise.all(children.map((child) => once(child, 'message')));
  await sleep(settleMs / 2);
  const sum = memoryMb(children.flatMap(({ pid }) => familyOf(pid ?? 0)));
  for (const child of children) child.kill();
  await Promise.all(children.map((child) => once(child, 'exit')));
  return sum / count;
}

/** What the first start in a fresh clone brings, in MB. */
async function installedMb(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'arena-bench-clone-'));
  const root = join(folder, 'clone');
  progress('start: a fresh clone installs');
  execFileSync('git', ['clone', '--quiet', checkout, root]);
  const life = await startLife({ root, dataDir: join(root, '.arena'), port: await freePort() });
  await life.stop();
  const brought = ['node_modules', '.arena'].map((name) => join(root, name));
  const told = execFileSync('du', ['-sk', ...brought], { encoding: 'utf8' });
  await rm(folder, { recursive: true, force: true });
  return [...told.matchAll(/^(\d+)/gm)].reduce((sum, [, kb]) => sum + Number(kb), 0) / 1_024;
}

export async function bench(json: boolean): Promise<void> {
  const stages = { ours: await stageOf(checkout), ...(beside && { beside: await stageOf(beside) }) };
  const starts = Object.entries(stages).map(([name, stage]) => [name, () => oneStart(stage)] as const);
  // The round that warms up is the first start of each folder.
  const seen = await interleaved('start', Object.fromEntries(starts));
  const of = (what: keyof Seen) =>
    Object.fromEntries(Object.entries(seen).map(([name, all]) => [name, all.map((one) => one[what])]));
  const valkey = await startTestValkey();
  const empty = await interleaved('start: empty processes', {
    one: () => emptyMb(1, valkey.url),
    five: () => emptyMb(5, valkey.url),
  });
  await valkey.stop();
  const memory = { ...of('memoryMb'), floor: empty.one, 'each of five': empty.five };
  const rows: Row[] = [
    row('a second npm start until /health answers', 'ms', of('healthMs'), [atMost(1_500)]),
    row('until a player has answered a first question', 'ms', of('questionMs'), [atMost(3_000)]),
    row('CPU of all processes until then', 'ms', of('questionCpuMs')),
    row('memory of the idle stack; floor: an empty process', 'MB', memory, [atMost(5, 'floor')]),
    row('its memory after a first question', 'MB', of('playedMb')),
    row('CPU of the idle stack, of one core', '%', of('cpuPercent'), [atMost(2)]),
  ];
  if (install)
    rows.push(row('installed by the first npm start', 'MB', { ours: [await installedMb()] }, [atMost(300)]));
  await Promise.all(
    Object.values(stages).map(({ dataDir }) => rm(dataDir, { recursive: true, force: true })),
  );
  await publish('start', rows, json);
}

const row = (
  name: string,
  unit: string,
  samples: Parameters<typeof rowOf>[0]['samples'],
  bounds: Parameters<typeof rowOf>[0]['bounds'] = [],
): Row => rowOf({ name, unit, samples, bounds: bounds ?? [] });
