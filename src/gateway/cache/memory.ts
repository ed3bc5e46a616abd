import { LRUCache } from 'lru-cache';
import { createDependencyIndex } from './dependency-index.ts';
import type { ResultKey } from './key.ts';
import type { Result } from './result.ts';
import { type CacheStats, emptyCache } from './stats.ts';

export interface MemoryCache {
  get(key: ResultKey): Result | undefined;
  set(key: ResultKey, result: Result): void;
  /** Drops every result made from an image or with it as watermark. */
  invalidate(imageId: string): void;
  clear(): void;
  stats(): CacheStats;
}

/** Bytes per entry besides the image: key, fields and map slots. */
const entryOverhead = 1024;

/** Maximum share of the cache per result: keeps a few large ones from evicting everything else. */
const maxEntryShare = 1 / 8;

/**
 * Creates the in-memory tier of the result cache, an LRU.
 * @param maxBytes limit for images plus overhead; 0 disables it
 */
export function createMemoryCache(maxBytes: number): MemoryCache {
  if (maxBytes === 0) return { get: () => undefined, set() {}, invalidate() {}, clear() {}, stats: () => emptyCache };

  const dependencies = createDependencyIndex();
  const entries = new LRUCache<string, { key: ResultKey; result: Result }>({
    maxSize: maxBytes,
    maxEntrySize: Math.max(1, Math.floor(maxBytes * maxEntryShare)),
    sizeCalculation: ({ result }) => result.image.length + entryOverhead,
    dispose: ({ key }, text) => dependencies.delete(key, text),
    noDisposeOnSet: true,
  });

  return {
    get: ({ text }) => entries.get(text)?.result,
    set(key, result) {
      entries.set(key.text, { key, result });
      if (entries.has(key.text)) dependencies.add(key, key.text);
    },
    invalidate(imageId) {
      for (const text of dependencies.dependentsOf(imageId)) entries.delete(text);
    },
    clear: () => entries.clear(),
    stats: () => ({ entries: entries.size, bytes: entries.calculatedSize }),
  };
}
