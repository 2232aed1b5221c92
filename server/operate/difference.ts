// What changed between two values: a line per place, as deep as they differ. Lists go item by item.

export interface Difference {
  /** As `/players/01M8…/score`. */
  readonly path: string;
  /** Undefined where there was nothing, or is nothing. */
  readonly before: unknown;
  readonly after: unknown;
}

export function differencesOf(before: unknown, after: unknown, path = ''): Difference[] {
  if (Object.is(before, after)) return [];
  const [one, other] = [partsOf(before), partsOf(after)];
  if (one === null || other === null || Array.isArray(before) !== Array.isArray(after)) {
    return [{ path, before, after }];
  }
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return keys.flatMap((key) => differencesOf(one[key], other[key], `${path}/${key}`));
}

function partsOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : null;
}
