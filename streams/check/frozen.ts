// Values that cannot be changed any more, and copies of them that can. Plain objects, lists, maps and sets;
// dates, buffers and instances of other classes stay as they are.

const known = new WeakSet<object>();

/**
 * Freezes a value and all that it holds, in its place. What it shares with one frozen before costs nothing.
 */
export function frozen<T>(value: T): T {
  if (!isContainer(value) || known.has(value)) return value;
  known.add(value);
  if (value instanceof Map) {
    for (const [key, one] of value) {
      frozen(key);
      frozen(one);
    }
  } else for (const one of value instanceof Set ? value : Object.values(value)) frozen(one);
  if (value instanceof Map || value instanceof Set) {
    for (const method of ['set', 'add', 'delete', 'clear'])
      Object.defineProperty(value, method, { value: refuse });
  }
  Object.freeze(value);
  return value;
}

/** A copy that shares nothing with the value that could be changed. */
export function copyOf<T>(value: T): T {
  return copy(value, new Map()) as T;
}

function copy(value: unknown, made: Map<object, unknown>): unknown {
  if (!isContainer(value)) return value;
  const before = made.get(value);
  if (before !== undefined) return before;
  const target = emptyLike(value);
  made.set(value, target);
  if (target instanceof Map)
    for (const [key, one] of value as Map<unknown, unknown>) target.set(copy(key, made), copy(one, made));
  else if (target instanceof Set) for (const one of value as Set<unknown>) target.add(copy(one, made));
  else for (const [key, one] of Object.entries(value)) Object.assign(target, { [key]: copy(one, made) });
  return target;
}

function emptyLike(value: object): object {
  if (Array.isArray(value)) return new Array(value.length);
  if (value instanceof Map) return new Map();
  return value instanceof Set ? new Set() : Object.create(Object.getPrototypeOf(value));
}

function isContainer(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const shape: unknown = Object.getPrototypeOf(value);
  return shape === null || containers.has(shape);
}

const containers = new Set<unknown>([Object, Array, Map, Set].map(({ prototype }) => prototype));

function refuse(): never {
  throw new TypeError('Cannot change a map or set that is part of a state, a command or an event');
}
