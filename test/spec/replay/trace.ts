// A run of a model, as it prints it: steps, and the state that each is taken in.

/** Numbers of a thing by its own number, as `tell` of the model prints them. */
export type Things = ReadonlyMap<number, readonly number[]>;

export interface Step {
  readonly what: string;
  /** The process; 0 for what comes from outside. */
  readonly who: number;
  /** The entry, the command or whatever else it is about. */
  readonly which: number;
  /** What there is before it: `entry`, `process`, `stream` … */
  readonly before: Readonly<Record<string, Things>>;
}

/** `kinds`: words with which lines of the state begin; every other one is a step. */
export function readTrace(lines: readonly string[], kinds: readonly string[]): Step[] {
  const steps: Step[] = [];
  let before: Record<string, Map<number, readonly number[]>> = {};
  for (const line of lines) {
    if (!/^[a-z_]+( \d+)+$/.test(line)) continue;
    const [what = '', ...numbers] = line.split(' ');
    const [first = 0, ...rest] = numbers.map(Number);
    if (kinds.includes(what)) {
      before[what] ??= new Map();
      before[what].set(first, rest);
      continue;
    }
    steps.push({ what, who: first, which: rest[0] ?? 0, before });
    before = {};
  }
  return steps;
}
