/** Puts an entry into a cache of so many at most: the one that was put longest ago makes room. */
export function remember<Value>(cache: Map<string, Value>, maxEntries: number, key: string, value: Value): void {
  // Deleted first, so that the map stays in the order of writing and its first entry is the oldest.
  cache.delete(key);
  cache.set(key, value);
  if (cache.size <= maxEntries) return;
  const [oldest] = cache.keys();
  cache.delete(oldest);
}
