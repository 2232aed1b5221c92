// Carries out planned faults on the processes of a world, on Valkey and on the line, and looks whether each
// one truly took hold. A fault that cannot, because what it is for is gone, is counted as tried.

import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Line } from './line.ts';
import { type LineFault, lineFaults, nameOf, type Planned } from './schedule.ts';
import type { Store } from './store.ts';
import type { Tally } from './tally.ts';
import type { Running } from './world.ts';

const lookMs = 10;
const goneMsMax = 2_000;
/** How long a kill counts as running where the world does not start the process again. */
const backMsMax = 3_000;
const clockMsMax = 600_000;
/** Above this chance a process that stands still may be struck as well. */
const strikesStopped = 0.9;
/** Above this chance a process that has just been started may be struck as well. */
const strikesNewest = 0.85;

export interface Target {
  readonly running: Running;
  readonly store: Store;
  readonly line: Line;
  readonly tally: Tally;
  /** Processes that stand still now. Few of them are killed, so that the others live to go on. */
  readonly stopped: Set<number>;
  /** The file with the offset of the clock of a kind. */
  clockFile(kind: string): string;
}

/** Resolves when it is over and what it struck is well again. */
export async function inject(target: Target, planned: Planned): Promise<void> {
  const name = nameOf(planned);
  const over = target.tally.begin(name);
  try {
    const { held, sum } = await struck(target, planned);
    target.tally.took(name, held, sum);
  } finally {
    over();
  }
  if (planned.fault !== 'kill' && planned.fault !== 'clock') target.tally.healed(name);
}

interface Struck {
  readonly held: boolean;
  readonly sum?: number;
}

function struck(target: Target, planned: Planned): Promise<Struck> {
  const { store, line } = target;
  switch (planned.fault) {
    case 'kill':
      return kill(target, planned);
    case 'stop':
      return stop(target, planned);
    case 'clock':
      return setClock(target, planned);
    case 'valkey kill':
      return store.kill().then((held) => ({ held }));
    case 'valkey cut':
      return store.cut(line, planned.chance).then((lost) => ({ held: lost > 0, sum: lost }));
    case 'valkey full':
      return store.full(planned.lastsMs).then((ends) => ({ held: ends > 0, sum: ends }));
    case 'valkey stop':
      return pauseOf(store.pid(), planned.lastsMs);
    default:
      return onLine(line, planned.fault, planned);
  }
}

/** The state of a process as the kernel tells it, such as 'S' or 'T'; null when it is gone. */
function stateOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const state = text[text.lastIndexOf(')') + 2] ?? null;
    return state === 'Z' || state === 'X' ? null : state;
  } catch {
    return null;
  }
}

/** When it was started, in ticks of the kernel; 0 when it is gone. */
function startOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[19]);
  } catch {
    return 0;
  }
}

async function until(holds: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  const late = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > late) return false;
    await sleep(lookMs);
  }
  return true;
}

function chosen({ running, stopped }: Target, { kind, chance }: Planned): number | null {
  const ready = chance > strikesNewest ? running.pids : (running.atWork ?? running.pids);
  const all = ready(kind ?? '').filter((pid) => stateOf(pid) !== null);
  const going = all.filter((pid) => !stopped.has(pid));
  const pids = chance > strikesStopped ? all : going;
  // The older half: what is killed again and again while it starts does no work that could go wrong.
  const old = pids.toSorted((one, other) => startOf(one) - startOf(other));
  const share = chance > strikesNewest ? 1 : 0.5;
  return old[Math.floor(chance * Math.ceil(share * old.length))] ?? null;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function kill(target: Target, planned: Planned): Promise<Struck> {
  const pid = chosen(target, planned);
  if (pid === null) return { held: false };
  const count = target.running.pids(planned.kind ?? '').length;
  signal(pid, 'SIGKILL');
  const held = await until(() => stateOf(pid) === null, goneMsMax);
  await until(() => target.running.pids(planned.kind ?? '').length >= count, backMsMax);
  return { held };
}

async function stop(target: Target, planned: Planned): Promise<Struck> {
  const pid = chosen(target, planned);
  if (pid === null) return { held: false };
  target.stopped.add(pid);
  return pauseOf(pid, planned.lastsMs).finally(() => target.stopped.delete(pid));
}

/** Held if it stood still to the end, was not killed meanwhile, and went on. */
async function pauseOf(pid: number, ms: number): Promise<Struck> {
  signal(pid, 'SIGSTOP');
  const stood = await until(() => stateOf(pid) === 'T', goneMsMax);
  await sleep(ms);
  const stands = stateOf(pid) === 'T';
  if (stands) signal(pid, 'SIGCONT');
  const goes = stands && (await until(() => stateOf(pid) !== 'T', goneMsMax));
  return { held: stood && goes };
}

/** Forward or back, by seconds or minutes. Held if a process has seen it. */
async function setClock({ clockFile }: Target, { kind, chance, lastsMs }: Planned): Promise<Struck> {
  const file = clockFile(kind ?? '');
  const size = Math.ceil(clockMsMax * Math.abs(2 * chance - 1) ** 2) + 2_000;
  const offset = chance < 0.5 ? -size : size;
  writeFileSync(file, String(offset));
  const isSeen = async () => (await readFile(`${file}.seen`, 'utf8').catch(() => '')) === String(offset);
  const [held] = await Promise.all([until(isSeen, Math.max(lastsMs, goneMsMax)), sleep(lastsMs)]);
  // Another jump may have begun.
  if (readFileSync(file, 'utf8') === String(offset)) writeFileSync(file, '0');
  return { held };
}

async function onLine(line: Line, fault: LineFault, { chance, lastsMs }: Planned): Promise<Struck> {
  if (!lineFaults.includes(fault)) throw new Error(`no fault of the line: ${fault}`);
  const end = line.begin(fault, chance);
  await sleep(lastsMs);
  const sum = end();
  return { held: sum > 0, sum };
}
