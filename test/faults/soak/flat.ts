// Whether a series of measurements is flat: what it was at first, once the start is over, against what it is
// at last, and the line through all between.

export interface Point {
  /** Since the beginning of the run. */
  readonly minute: number;
  readonly value: number;
}

export interface Trend {
  readonly name: string;
  /** Medians of the first and of the last window behind the start. */
  readonly first: number;
  readonly last: number;
  /** How much larger the last is, as a share of the first. */
  readonly growth: number;
  /** The same by the line of least squares through all points behind the start. */
  readonly slope: number;
}

/** The start is over then, and so long are the two windows: in a run of half an hour five minutes each. */
export const startMinutes = (minutes: number): number => Math.min(5, minutes / 6);

/** Null where too little was measured to tell. */
export function trendOf(name: string, points: readonly Point[], minutes: number): Trend | null {
  const window = startMinutes(minutes);
  const settled = points.filter(({ minute }) => minute >= window);
  const end = settled.at(-1)?.minute ?? 0;
  const first = median(settled.filter(({ minute }) => minute < 2 * window));
  const last = median(settled.filter(({ minute }) => minute > end - window));
  if (first === null || last === null || end < 3 * window) return null;
  return { name, first, last, growth: last / first - 1, slope: slopeOf(settled) };
}

function median(points: readonly Point[]): number | null {
  const sorted = points.map(({ value }) => value).sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [below, above] = [sorted[middle - 1], sorted[middle]];
  if (above === undefined) return null;
  return sorted.length % 2 === 1 || below === undefined ? above : (below + above) / 2;
}

/** From the beginning of the line to its end, as a share of what it begins with. */
function slopeOf(points: readonly Point[]): number {
  const mean = (of: (point: Point) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(({ minute }) => minute), mean(({ value }) => value)];
  const above = points.reduce((sum, { minute, value }) => sum + (minute - x) * (value - y), 0);
  const below = points.reduce((sum, { minute }) => sum + (minute - x) ** 2, 0);
  const perMinute = below === 0 ? 0 : above / below;
  const [from, to] = [points[0]?.minute ?? 0, points.at(-1)?.minute ?? 0];
  const begins = y + perMinute * (from - x);
  return (perMinute * (to - from)) / begins;
}
