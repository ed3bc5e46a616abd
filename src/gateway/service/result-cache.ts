import type { DiskCache } from '../cache/disk.ts';
import type { ResultKey } from '../cache/key.ts';
import type { MemoryCache } from '../cache/memory.ts';
import type { Result } from '../cache/result.ts';
import type { Leader } from './single-flight.ts';

/** Both tiers of the cache as one: memory first, then the disk. */
export interface ResultCache {
  peek(key: ResultKey): Result | undefined;
  has(key: ResultKey): boolean;
  /** Reads a result from the disk and keeps it in memory. */
  read(key: ResultKey, leader: Leader): Promise<Result | undefined>;
  /** Keeps a result, unless an image that it depends on has been deleted meanwhile. */
  write(key: ResultKey, result: Result, leader: Leader, onDisk: boolean): void;
  /** Drops all that was made from an image or with it as watermark; resolves once the files are gone. */
  forget(imageId: string): Promise<void>;
}

export function createResultCache(memory: MemoryCache, disk: DiskCache): ResultCache {
  return {
    peek: memory.get,
    has: (key) => memory.get(key) !== undefined || disk.has(key),
    async read(key, leader) {
      const started = performance.now();
      const stored = await disk.read(key);
      leader.timings.cache += performance.now() - started;
      if (stored !== undefined && leader.mayCache()) memory.set(key, stored);
      return stored;
    },
    write(key, result, leader, onDisk) {
      if (!leader.mayCache()) return;
      memory.set(key, result);
      if (onDisk) disk.write(key, result);
    },
    forget(imageId) {
      memory.forget(imageId);
      return disk.forget(imageId);
    },
  };
}
