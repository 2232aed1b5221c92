// What Valkey sends as one flat list of names and values (the fields of an entry, the replies of XINFO), by
// name.

export function fieldsOf<T>(flat: readonly T[]): Readonly<Record<string, T>> {
  const pairs: [string, T][] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) pairs.push([String(flat[at]), flat[at + 1] as T]);
  return Object.fromEntries(pairs);
}
