// The faults of a chapter, planned from its seed before it begins: what happens when, for how long, and to
// which of the processes that will be there. Same seed, same schedule.

import { createRandom, type Random } from './random.ts';
import { pairName } from './tally.ts';

/** Faults of the line to Valkey. `drip`: a few bytes at a time. `half-open`: accepts, and swallows. */
export const lineFaults = [
  'line reset',
  'line half-open',
  'line slow',
  'line drip',
  'line cut reply',
] as const;
/** Faults of Valkey. `cut`: killed, and its file loses a part of what was acknowledged to no one. */
const valkeyFaults = ['valkey kill', 'valkey cut', 'valkey full', 'valkey stop'] as const;
const processFaults = ['kill', 'stop', 'clock'] as const;

export type LineFault = (typeof lineFaults)[number];
export type ValkeyFault = (typeof valkeyFaults)[number];
type ProcessFault = (typeof processFaults)[number];

export interface Planned {
  readonly atMs: number;
  /** 0 for what is over at once. */
  readonly lastsMs: number;
  readonly fault: LineFault | ValkeyFault | ProcessFault;
  /** The kind of process; null for faults of Valkey and of the line. */
  readonly kind: string | null;
  /** From 0 to below 1: which process, which byte, how slow. */
  readonly chance: number;
}

/** As it stands in the table of pairs, such as `kill worker` or `line slow`. */
export const nameOf = ({ fault, kind }: Pick<Planned, 'fault' | 'kind'>): string =>
  kind === null ? fault : `${fault} ${kind}`;

export const faultNames = (kinds: readonly string[]): readonly string[] => allFaults(kinds).map(nameOf);

/** All faults that a world with these kinds of processes can meet. */
const allFaults = (kinds: readonly string[]): readonly Pick<Planned, 'fault' | 'kind'>[] => [
  ...processFaults.flatMap((fault) => kinds.map((kind) => ({ fault, kind }))),
  ...[...valkeyFaults, ...lineFaults].map((fault) => ({ fault, kind: null })),
];

export interface Scheduling {
  readonly seed: number;
  readonly ms: number;
  readonly kinds: readonly string[];
  readonly killsPerMinute: number;
  readonly valkeyPerMinute: number;
}

/** Longer than a lease of the engine, so that what was stopped goes on when others have its work. */
const stopMs = [5_500, 9_000] as const;
const lasts: Readonly<Partial<Record<Planned['fault'], readonly [number, number]>>> = {
  stop: stopMs,
  clock: [1_500, 8_000],
  'valkey stop': [300, 2_500],
  'valkey full': [300, 1_500],
  'line half-open': [800, 4_000],
  'line slow': [800, 4_000],
  'line drip': [800, 3_000],
  'line cut reply': [400, 2_000],
};
/** Between two faults of the line or of clocks and stops, each. */
const besideEveryMs = { line: 3_000, stop: 3_500, clock: 3_000 };

export function schedule({
  seed,
  ms,
  kinds,
  killsPerMinute,
  valkeyPerMinute,
}: Scheduling): readonly Planned[] {
  const random = createRandom(seed);
  const of = (fault: Planned['fault'], kind: string | null) => ({ fault, kind });
  const each = (fault: ProcessFault) => kinds.map((kind) => of(fault, kind));
  // Of five ends of Valkey three are kills; a stop is no end and comes beside.
  const ends: readonly ValkeyFault[] = [
    'valkey kill',
    'valkey cut',
    'valkey kill',
    'valkey full',
    'valkey kill',
  ];
  const plans = [
    ...deal(random, { ms, everyMs: 60_000 / valkeyPerMinute, deck: ends.map((fault) => of(fault, null)) }),
    ...deal(random, { ms, everyMs: 300_000 / valkeyPerMinute, deck: [of('valkey stop', null)] }),
    ...deal(random, { ms, everyMs: besideEveryMs.line, deck: lineFaults.map((fault) => of(fault, null)) }),
    ...deal(random, { ms, everyMs: besideEveryMs.stop, deck: each('stop') }),
    ...deal(random, { ms, everyMs: besideEveryMs.clock, deck: each('clock') }),
    ...deal(random, { ms, everyMs: 60_000 / killsPerMinute, deck: each('kill') }),
  ];
  return plans.sort((one, other) => one.atMs - other.atMs);
}

interface Dealing {
  readonly ms: number;
  readonly everyMs: number;
  /** Dealt to its last card before any comes again, so that none is missing for long. */
  readonly deck: readonly Pick<Planned, 'fault' | 'kind'>[];
}

/** Pauses are between none and twice the mean; so some come together. */
function deal(random: Random, { ms, everyMs, deck }: Dealing): Planned[] {
  const plans: Planned[] = [];
  let cards: Pick<Planned, 'fault' | 'kind'>[] = [];
  for (let atMs = random.next() * everyMs; atMs < ms; atMs += random.next() * 2 * everyMs) {
    if (cards.length === 0) cards = random.shuffled(deck);
    const card = cards.pop();
    if (card === undefined) return plans;
    plans.push(planOf(random, card, { atMs: Math.floor(atMs), ms }));
  }
  return plans;
}

/** Nothing lasts beyond the chapter: what comes after is to be whole. */
function planOf(
  random: Random,
  card: Pick<Planned, 'fault' | 'kind'>,
  { atMs, ms }: { readonly atMs: number; readonly ms: number },
): Planned {
  const [from, to] = lasts[card.fault] ?? [0, 0];
  const lastsMs = Math.min(random.between(from, to), ms - atMs);
  return { ...card, atMs, lastsMs, chance: random.next() };
}

export interface Seeking extends Pick<Scheduling, 'seed' | 'ms' | 'kinds'> {
  /** Pairs of a command and a fault that no chapter before has seen. */
  readonly missing: ReadonlySet<string>;
}

// Between two faults that are sought, so that the commands get somewhere in between.
const soughtEveryMs = 2_000;

/**
 * Looks for pairs that chance leaves out: gives a fault that a command has never met, at the moment in which
 * the command is under way, or null. The fault that comes first is rarely the same in two runs.
 */
export function createSeeker({ seed, ms, kinds, missing }: Seeking) {
  const random = createRandom(seed);
  const sought = new Set(missing);
  let readyAtMs = 0;
  return (command: string, atMs: number): Planned | null => {
    if (atMs < readyAtMs || atMs >= ms) return null;
    const all = allFaults(kinds).filter((one) => sought.has(pairName(command, nameOf(one))));
    if (all.length === 0) return null;
    const card = random.oneOf(all);
    sought.delete(pairName(command, nameOf(card)));
    readyAtMs = atMs + soughtEveryMs;
    return planOf(random, card, { atMs, ms });
  };
}
