/**
 * Remembers what was made of a text.
 * @param maxEntries all are forgotten when there are this many: that costs a request nothing, as keeping track of their use would
 */
export function remember<V>(maxEntries: number, make: (text: string) => V): (text: string) => V {
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

/** Remembers what was made of an object, for as long as the object is there. */
export function once<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
