/**
 * Memoizes a function of a string.
 * @param maxEntries the cache is cleared at this size, which costs less per call than tracking use
 */
export function memoize<V>(maxEntries: number, make: (text: string) => V): (text: string) => V {
  const cache = new Map<string, V>();
  return (text) => {
    const cached = cache.get(text);
    if (cached !== undefined) return cached;
    if (cache.size >= maxEntries) cache.clear();
    const value = make(text);
    cache.set(text, value);
    return value;
  };
}

/** Memoizes a function of an object, for the object's lifetime. */
export function memoizeByObject<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const cache = new WeakMap<K, V>();
  return (key) => {
    const cached = cache.get(key);
    if (cached !== undefined) return cached;
    const value = make(key);
    cache.set(key, value);
    return value;
  };
}
