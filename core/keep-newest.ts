// What processes keep of rooms and addresses has an end: whatever was used longest ago goes first.

/** Sets the entry as the newest one, and deletes the oldest when there are more than `max`. */
export function keepNewest<K, V>(map: Map<K, V>, key: K, value: V, max: number): void {
  map.delete(key);
  map.set(key, value);
  // A Map keeps insertion order.
  const oldest = map.keys().next();
  if (map.size > max && !oldest.done) map.delete(oldest.value);
}
