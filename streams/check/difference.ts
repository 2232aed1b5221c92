// Where two values differ, for a person to read: plain objects, lists, maps, sets, dates and what JSON has.
// Functions count as equal, and a field that is undefined as one that is absent.

/** `path` from the value inwards, such as `events[0].data.total`. */
export interface Difference {
  readonly path: string;
  readonly one: unknown;
  readonly two: unknown;
}

/** The first difference, depth first; null where there is none. `path`: what the values are called. */
export function differenceOf(one: unknown, two: unknown, path: string): Difference | null {
  const found = compare(one, two, []);
  return found === null ? null : under(path, found);
}

/** As a sentence has it: `events[0].data.total is 3, then 4`. */
export function saidDifference({ path, one, two }: Difference): string {
  return `${path} is ${shown(one)}, then ${shown(two)}`;
}

const shownCharsMax = 200;

/** A value in one line. Never throws. */
export function shown(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = typeof value === 'function' ? 'a function' : (asJson(value) ?? String(value));
  return text.length > shownCharsMax ? `${text.slice(0, shownCharsMax)}…` : text;
}

function asJson(value: unknown): string | undefined {
  const plain = (_key: string, one: unknown): unknown => {
    if (one instanceof Map || one instanceof Set) return [...one];
    return typeof one === 'bigint' || (typeof one === 'number' && !Number.isFinite(one)) ? String(one) : one;
  };
  try {
    return JSON.stringify(value, plain);
  } catch {
    return undefined;
  }
}

/** The path is made only where there is a difference, on the way back out. */
function compare(one: unknown, two: unknown, above: readonly unknown[]): Difference | null {
  if (Object.is(one, two) || (typeof one === 'function' && typeof two === 'function')) return null;
  const different = { path: '', one, two };
  if (!isObject(one) || !isObject(two)) return different;
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(two)) return different;
  // A value that holds itself was compared further up.
  if (above.includes(one)) return null;
  const within = [...above, one];
  if (one instanceof Date && two instanceof Date) {
    return Object.is(one.getTime(), two.getTime()) ? null : different;
  }
  if (one instanceof Map && two instanceof Map) return inMaps(one, two, within);
  if (one instanceof Set && two instanceof Set) return inLists([...one], [...two], within);
  if (Array.isArray(one) && Array.isArray(two)) return inLists(one, two, within);
  for (const field of new Set([...Object.keys(one), ...Object.keys(two)])) {
    const found = compare(fieldOf(one, field), fieldOf(two, field), within);
    if (found !== null) return under(`.${field}`, found);
  }
  return null;
}

function inLists(
  one: readonly unknown[],
  two: readonly unknown[],
  within: readonly unknown[],
): Difference | null {
  for (let index = 0; index < Math.max(one.length, two.length); index++) {
    const found = compare(one[index], two[index], within);
    if (found !== null) return under(`[${index}]`, found);
  }
  return one.length === two.length ? null : under('.length', { path: '', one: one.length, two: two.length });
}

/** Their order counts: who walks through a map meets it. */
function inMaps(
  one: ReadonlyMap<unknown, unknown>,
  two: ReadonlyMap<unknown, unknown>,
  within: readonly unknown[],
): Difference | null {
  const theirs = two.entries();
  for (const [key, value] of one) {
    const [otherKey, other] = theirs.next().value ?? [];
    const found = compare(key, otherKey, within);
    if (found !== null) return under('.keys()', found);
    const inside = compare(value, other, within);
    if (inside !== null) return under(`.get(${shown(key)})`, inside);
  }
  return one.size === two.size ? null : under('.size', { path: '', one: one.size, two: two.size });
}

const under = (step: string, { path, one, two }: Difference): Difference => ({ path: step + path, one, two });

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const fieldOf = (of: object, field: string): unknown => (of as Readonly<Record<string, unknown>>)[field];
