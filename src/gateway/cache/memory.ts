import { LRUCache } from 'lru-cache';
import type { Result, ResultKey } from './result.ts';

/** Results in memory, by bytes; those that were not asked for the longest go first. */
export interface MemoryCache {
  get(key: ResultKey): Result | undefined;
  set(key: ResultKey, result: Result): void;
  /** Drops all results of an image. */
  forget(imageId: string): void;
}

/** What an entry takes beside its image: its key twice, its fields, its places in the maps. */
const entryOverhead = 1024;

/** Results of more than this part of the cache are not kept, so that a few large ones do not drive out all others. */
const largestPart = 1 / 8;

/** @param maxBytes 0 keeps nothing */
export function createMemoryCache(maxBytes: number): MemoryCache {
  if (maxBytes === 0) return { get: () => undefined, set() {}, forget() {} };

  const textsOf = new Map<string, Set<string>>();
  const entries = new LRUCache<string, Result & { imageId: string }>({
    maxSize: maxBytes,
    maxEntrySize: Math.max(1, Math.floor(maxBytes * largestPart)),
    sizeCalculation: ({ image }) => image.length + entryOverhead,
    dispose({ imageId }, text) {
      const texts = textsOf.get(imageId);
      texts?.delete(text);
      if (texts?.size === 0) textsOf.delete(imageId);
    },
    noDisposeOnSet: true,
  });

  return {
    get: ({ text }) => entries.get(text),
    set({ imageId, text }, { fields, image }) {
      entries.set(text, { fields, image, imageId });
      if (!entries.has(text)) return;
      const texts = textsOf.get(imageId) ?? new Set();
      textsOf.set(imageId, texts.add(text));
    },
    forget(imageId) {
      for (const text of [...(textsOf.get(imageId) ?? [])]) entries.delete(text);
    },
  };
}
