// What takes long to make, and that many processes never need, is made when it is first asked for.

/** Calls `make` once, at the first call. */
export function onDemand<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
