// What Valkey sends as one flat list of names and values (the fields of an entry, the replies of XINFO), by
// name.

export function fieldsOf<T>(flat: readonly T[]): Readonly<Record<string, T>> {
  // A name like `__proto__` is one like any other here.
  const fields: Record<string, T> = Object.create(null);
  for (let at = 0; at + 1 < flat.length; at += 2) fields[String(flat[at])] = flat[at + 1] as T;
  return fields;
}
