import type { DiskCache } from '../cache/disk.ts';
import type { ResultKey } from '../cache/key.ts';
import type { MemoryCache } from '../cache/memory.ts';
import type { Result } from '../cache/result.ts';
import type { Leader } from './single-flight.ts';
import type { StageObserver } from './stage-observer.ts';

export type ResultCache = ReturnType<typeof createResultCache>;

/**
 * Combines both tiers into one cache: memory first, then disk.
 * @param isCurrent whether deletions at other nodes are known; until then every lookup misses
 */
export function createResultCache(
  memory: MemoryCache,
  disk: DiskCache,
  observe: StageObserver,
  isCurrent: () => boolean,
) {
  const lookups = { memory: { hits: 0, misses: 0 }, disk: { hits: 0, misses: 0 } };

  /** Does not count a miss: for callers that look up again later. */
  function peek(key: ResultKey): Result | undefined {
    const known = isCurrent() ? memory.get(key) : undefined;
    if (known !== undefined) lookups.memory.hits += 1;
    return known;
  }

  return {
    lookups,
    peek,
    get(key: ResultKey): Result | undefined {
      const known = peek(key);
      if (known === undefined) lookups.memory.misses += 1;
      return known;
    },
    has: (key: ResultKey) => isCurrent() && (memory.get(key) !== undefined || disk.has(key)),
    /** Reads a result from disk, and caches it in memory. */
    async read(key: ResultKey, leader: Leader): Promise<Result | undefined> {
      if (!isCurrent()) return undefined;
      const started = performance.now();
      const stored = await disk.read(key);
      const ended = performance.now();
      leader.timings.add('cache', started, ended);
      observe('resize', 'cache', ended - started);
      if (stored === undefined) {
        lookups.disk.misses += 1;
        return undefined;
      }
      lookups.disk.hits += 1;
      if (leader.mayCache()) memory.set(key, stored);
      return stored;
    },
    /** Caches a result unless an image it depends on has been deleted in the meantime. */
    write(key: ResultKey, result: Result, leader: Leader, onDisk: boolean): void {
      if (!leader.mayCache()) return;
      memory.set(key, result);
      if (onDisk) disk.write(key, result);
    },
    /** Drops every result made from an image or with it as watermark; resolves once that survives a restart. */
    invalidate(imageId: string): Promise<void> {
      memory.invalidate(imageId);
      return disk.invalidate(imageId);
    },
    /** Drops everything; resolves once that survives a restart. */
    clear(): Promise<void> {
      memory.clear();
      return disk.clear();
    },
  };
}
