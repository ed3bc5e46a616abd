/** @param maxEntries all entries are dropped at this number, which is cheaper per call than tracking their use */
export function memoize<V>(maxEntries: number, make: (text: string) => V): (text: string) => V {
  const made = new Map<string, V>();
  return (text) => {
    const known = made.get(text);
    if (known !== undefined) return known;
    if (made.size >= maxEntries) made.clear();
    const value = make(text);
    made.set(text, value);
    return value;
  };
}

/** Memoizes a function of an object, for as long as the object lives. */
export function memoizeByObject<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
