// The arithmetic of every benchmark: what the middle of some repeats is, how ours compares with the others,
// and whether that is at its mark. A mark that is missed is said like one that is held.

import type { Cost } from './cost.ts';

/** What one repeat gave: a number in the unit of its row, or what some work cost, whose rate is compared. */
export type Sample = number | Cost;

export interface Figure {
  /** In the unit of the row. */
  readonly value: number;
  readonly clientUs?: number;
  readonly serverUs?: number;
}

export interface Mark {
  /** What has to be so, such as `ours / floor >= 0.6`. */
  readonly says: string;
  readonly figure: number;
  readonly held: boolean;
}

/** One line of the results. */
export interface Row {
  readonly name: string;
  /** `/s`, `ms`, `us`, `bytes`, … */
  readonly unit: string;
  readonly ours: Figure;
  readonly floor?: Figure;
  readonly peers: Readonly<Record<string, Figure>>;
  /** Ours by each of the others. */
  readonly ratios: Readonly<Record<string, number>>;
  /** CPU of each of the others by ours, Valkey and its client together: at 0.5 ours is twice as dear. */
  readonly cpuRatios?: Readonly<Record<string, number>>;
  readonly marks: readonly Mark[];
  readonly samples: Readonly<Record<string, readonly Sample[]>>;
}

/** What must be so: of ours by another (`floor`, a peer), or of ours alone in the unit of the row. */
export interface Bound {
  readonly by?: string;
  readonly sense: '>=' | '<=';
  readonly bound: number;
}

/** `atLeast(0.6, 'floor')`, `atLeast(3, 'BullMQ')`; without the second it is of ours alone. */
export const atLeast = (bound: number, by?: string): Bound => ({
  ...(by !== undefined && { by }),
  sense: '>=',
  bound,
});

export const atMost = (bound: number, by?: string): Bound => ({ ...atLeast(bound, by), sense: '<=' });

/** The middle one; of an even number the mean of the middle two. NaN of none. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const half = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return (low + high) / 2;
}

/** The smallest number that so large a share (0..1) does not exceed: the nearest rank. NaN of none. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Three digits that say something. */
export const rounded = (value: number): number => Number(value.toPrecision(3));

/** A line of the results from its samples: those of `ours`, of the `floor`, and of peers by their names. */
export function rowOf(given: {
  readonly name: string;
  readonly unit: string;
  readonly samples: Readonly<Record<string, readonly Sample[]>>;
  readonly bounds?: readonly Bound[];
}): Row {
  const { ours, floor, ...peers } = mapped(given.samples, figureOf);
  if (ours === undefined) throw new Error(`${given.name} has no samples of ours`);
  const others = { ...(floor !== undefined && { floor }), ...peers };
  const exact = mapped(others, ({ value }) => ours.value / value);
  return {
    name: given.name,
    unit: given.unit,
    ours,
    ...(floor !== undefined && { floor }),
    peers,
    ratios: mapped(exact, rounded),
    ...(cpuOf(ours) !== null && {
      cpuRatios: mapped(others, (other) =>
        rounded((cpuOf(other) ?? Number.NaN) / (cpuOf(ours) ?? Number.NaN)),
      ),
    }),
    marks: (given.bounds ?? []).map((bound) => markOf(bound, ours.value, exact, given.unit)),
    // What is kept says no more than what is told.
    samples: mapped(given.samples, (some) =>
      some.map((sample) => (typeof sample === 'number' ? Number(sample.toPrecision(4)) : sample)),
    ),
  };
}

function figureOf(samples: readonly Sample[]): Figure {
  const costs = samples.filter((sample) => typeof sample !== 'number');
  if (costs.length === 0) return { value: median(samples as readonly number[]) };
  if (costs.length < samples.length) throw new Error('samples of two kinds');
  return {
    value: median(costs.map(({ rate }) => rate)),
    clientUs: median(costs.map(({ clientUs }) => clientUs)),
    serverUs: median(costs.map(({ serverUs }) => serverUs)),
  };
}

const cpuOf = ({ clientUs, serverUs }: Figure): number | null =>
  clientUs === undefined || serverUs === undefined ? null : clientUs + serverUs;

/** `4,083/s`, `25 ms`, `1.02` where there is no unit. */
export function withUnit(value: number, unit: string): string {
  const number = rounded(value).toLocaleString('en-US', { maximumSignificantDigits: 3 });
  return unit === '' || unit.startsWith('/') ? `${number}${unit}` : `${number} ${unit}`;
}

/** Judged by the figure before it is rounded for people, so 0.598 is not 0.6. */
function markOf(
  { by, sense, bound }: Bound,
  ours: number,
  ratios: Readonly<Record<string, number>>,
  unit: string,
): Mark {
  const figure = by === undefined ? ours : ratios[by];
  if (figure === undefined) throw new Error(`a mark by ${by}, which was not measured`);
  const held = sense === '>=' ? figure >= bound : figure <= bound;
  return {
    says: by === undefined ? `ours ${sense} ${withUnit(bound, unit)}` : `ours / ${by} ${sense} ${bound}`,
    figure: rounded(figure),
    held,
  };
}

function mapped<T, R>(record: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
