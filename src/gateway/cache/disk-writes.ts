import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from '../../log.ts';
import type { Dependence } from './dependents.ts';
import { entryBytes, writeEntry } from './disk-entry.ts';
import { type CacheFile, pathOf } from './disk-files.ts';
import type { ResultKey } from './key.ts';
import type { Result } from './result.ts';

export interface DiskWritesOptions {
  folder: string;
  fits(bytes: number): boolean;
  /** Called when a file is whole. */
  add(file: CacheFile): void;
  remove(file: CacheFile): Promise<void>;
  log: Logger;
}

interface Write {
  key: Dependence;
  isCancelled: boolean;
  done: Promise<void>;
}

const maxPendingBytes = 33_554_432;

/** Creates the writes of results in the background; the disk may not keep up with them. */
export function createDiskWrites({ folder, fits, add, remove, log }: DiskWritesOptions) {
  const writes = new Map<string, Write>();
  let pendingBytes = 0;

  async function store(path: string, key: ResultKey, result: Result): Promise<void> {
    try {
      await writeEntry(path, key.text, result).catch(async (error) => {
        if (error.code !== 'ENOENT') throw error;
        await mkdir(dirname(path), { recursive: true });
        await writeEntry(path, key.text, result);
      });
    } catch (error) {
      log.warn({ err: error }, 'result cannot be written to the cache');
      await rm(path, { force: true }).catch(() => {});
      throw error;
    }
  }

  return {
    has: (digest: string) => writes.has(digest),
    /** Leaves out what does not fit, is being written, or is too much at once. */
    begin(key: ResultKey, result: Result): void {
      const { imageId, watermarkId, digest } = key;
      const bytes = entryBytes(key.text, result);
      if (writes.has(digest) || !fits(bytes) || pendingBytes + bytes > maxPendingBytes) return;
      pendingBytes += bytes;
      const file = { imageId, digest, bytes, watermarkId };
      const write: Write = { key, isCancelled: false, done: Promise.resolve() };
      const settle = () => {
        pendingBytes -= bytes;
        writes.delete(digest);
      };
      write.done = store(pathOf(folder, file), key, result)
        .then(() => (write.isCancelled ? remove(file) : add(file)))
        .then(settle, settle);
      writes.set(digest, write);
    },
    /** Resolves once their files are gone. */
    async cancel(isMeant: (key: Dependence) => boolean): Promise<void> {
      const unfinished = [...writes.values()].filter(({ key }) => isMeant(key));
      for (const write of unfinished) write.isCancelled = true;
      await Promise.all(unfinished.map(({ done }) => done));
    },
    async settled(): Promise<void> {
      await Promise.all([...writes.values()].map(({ done }) => done));
    },
  };
}
