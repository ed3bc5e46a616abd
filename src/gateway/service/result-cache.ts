import type { DiskCache } from '../cache/disk.ts';
import type { ResultKey } from '../cache/key.ts';
import type { MemoryCache } from '../cache/memory.ts';
import type { Result } from '../cache/result.ts';
import type { Leader } from './single-flight.ts';
import type { StageObserver } from './stage-observer.ts';

export type ResultCache = ReturnType<typeof createResultCache>;

/**
 * Makes one cache of both tiers: memory first, then the disk.
 * @param isCurrent whether deletions elsewhere are known; until then nothing is found
 */
export function createResultCache(
  memory: MemoryCache,
  disk: DiskCache,
  observe: StageObserver,
  isCurrent: () => boolean,
) {
  const lookups = { memory: { hits: 0, misses: 0 }, disk: { hits: 0, misses: 0 } };

  /** Without counting a miss: for callers that look again. */
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
    /** Reads a result from the disk and keeps it in memory. */
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
    /** Keeps a result, unless an image that it depends on has been deleted meanwhile. */
    write(key: ResultKey, result: Result, leader: Leader, onDisk: boolean): void {
      if (!leader.mayCache()) return;
      memory.set(key, result);
      if (onDisk) disk.write(key, result);
    },
    /** Drops all that was made from an image or with it as watermark; resolves once the files are gone. */
    invalidate(imageId: string): Promise<void> {
      memory.invalidate(imageId);
      return disk.invalidate(imageId);
    },
    /** Drops everything; resolves once the files are gone. */
    clear(): Promise<void> {
      memory.clear();
      return disk.clear();
    },
  };
}
