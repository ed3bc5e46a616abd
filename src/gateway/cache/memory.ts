import { LRUCache } from 'lru-cache';
import { createDependents } from './dependents.ts';
import type { ResultKey } from './key.ts';
import type { Result } from './result.ts';
import { type CacheStats, emptyCache } from './stats.ts';

export interface MemoryCache {
  get(key: ResultKey): Result | undefined;
  set(key: ResultKey, result: Result): void;
  /** Drops all results made from an image or with it as watermark. */
  forget(imageId: string): void;
  clear(): void;
  stats(): CacheStats;
}

/** Bytes of an entry beside its image: its key, its fields, its places in the maps. */
const entryOverhead = 1024;

/** Largest share of the cache for one result, so that a few large ones do not evict all others. */
const largestShare = 1 / 8;

/** @param maxBytes limit of images and overhead together; 0 keeps nothing */
export function createMemoryCache(maxBytes: number): MemoryCache {
  if (maxBytes === 0) return { get: () => undefined, set() {}, forget() {}, clear() {}, stats: () => emptyCache };

  const dependents = createDependents();
  const entries = new LRUCache<string, { key: ResultKey; result: Result }>({
    maxSize: maxBytes,
    maxEntrySize: Math.max(1, Math.floor(maxBytes * largestShare)),
    sizeCalculation: ({ result }) => result.image.length + entryOverhead,
    dispose: ({ key }, text) => dependents.delete(key, text),
    noDisposeOnSet: true,
  });

  return {
    get: ({ text }) => entries.get(text)?.result,
    set(key, result) {
      entries.set(key.text, { key, result });
      if (entries.has(key.text)) dependents.add(key, key.text);
    },
    forget(imageId) {
      for (const text of dependents.of(imageId)) entries.delete(text);
    },
    clear: () => entries.clear(),
    stats: () => ({ entries: entries.size, bytes: entries.calculatedSize }),
  };
}
