import type { DiskCache } from '../cache/disk.ts';
import type { ResultKey } from '../cache/key.ts';
import type { MemoryCache } from '../cache/memory.ts';
import type { Result } from '../cache/result.ts';
import type { Leader } from './single-flight.ts';

export type ResultCache = ReturnType<typeof createResultCache>;

/** Makes one cache of both tiers: memory first, then the disk. */
export function createResultCache(memory: MemoryCache, disk: DiskCache) {
  return {
    peek: memory.get,
    has: (key: ResultKey) => memory.get(key) !== undefined || disk.has(key),
    /** Reads a result from the disk and keeps it in memory. */
    async read(key: ResultKey, leader: Leader): Promise<Result | undefined> {
      const started = performance.now();
      const stored = await disk.read(key);
      leader.timings.cache += performance.now() - started;
      if (stored !== undefined && leader.mayCache()) memory.set(key, stored);
      return stored;
    },
    /** Keeps a result, unless an image that it depends on has been deleted meanwhile. */
    write(key: ResultKey, result: Result, leader: Leader, onDisk: boolean): void {
      if (!leader.mayCache()) return;
      memory.set(key, result);
      if (onDisk) disk.write(key, result);
    },
    /** Drops all that was made from an image or with it as watermark; resolves once the files are gone. */
    forget(imageId: string): Promise<void> {
      memory.forget(imageId);
      return disk.forget(imageId);
    },
  };
}
