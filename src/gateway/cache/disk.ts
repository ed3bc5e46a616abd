import { access, constants } from 'node:fs/promises';
import type { Logger } from '../../log.ts';
import { openOwnedFolder } from '../../owned-folder.ts';
import { dependsOn } from './dependency-index.ts';
import { openDisabledDiskCache } from './disk-disabled.ts';
import { readEntry } from './disk-entry.ts';
import { type CacheFile, pathOf, removeFiles, shardOf } from './disk-files.ts';
import { cacheOwnership } from './disk-folder.ts';
import { createDiskIndex, diskUsageOf, maxFileBytes } from './disk-index.ts';
import { readLruOrder, writeLruOrder } from './disk-lru-order.ts';
import { type DiskScan, scanFiles } from './disk-scan.ts';
import { openTombstones } from './disk-tombstones.ts';
import { createDiskWriteQueue } from './disk-write-queue.ts';
import type { ResultKey } from './key.ts';
import type { Result } from './result.ts';
import type { CacheStats } from './stats.ts';

/** Disk tier of the result cache, an LRU. */
export interface DiskCache {
  /** May miss results of earlier runs until `loaded`. */
  has(key: ResultKey): boolean;
  /** @returns undefined if the result is missing or damaged */
  read(key: ResultKey): Promise<Result | undefined>;
  /** Writes in the background; skips the result if the disk does not keep up. */
  write(key: ResultKey, result: Result): void;
  /** Drops every result made from an image or with it as watermark; resolves once that survives a restart. */
  invalidate(imageId: string): Promise<void>;
  /** Drops everything; resolves once that survives a restart. */
  clear(): Promise<void>;
  /** Undefined if the cache is disabled. */
  readonly folder: string | undefined;
  /** Resolves once the files of earlier runs are indexed or removed. */
  readonly loaded: Promise<void>;
  stats(): CacheStats;
  close(): Promise<void>;
}

export interface DiskCacheOptions {
  /** Created if missing. If it holds files of others, its subfolder `imgwire` is used instead. */
  folder: string;
  /** Limit for all files together, counted in whole blocks; 0 disables the cache and removes files of earlier runs. */
  maxBytes: number;
  log: Logger;
}

const saveOrderEveryMs = 60_000;

const evictionBatch = 512;

/** Files whose removal a deletion waits for, about 50 ms; more are removed in the background. */
const maxAwaitedRemovals = 1000;

/**
 * Opens the disk tier of the result cache. Files are named `<image id>-<digest>-<bytes>[-<watermark id>]`, in a
 * subfolder for the first two digits of the image id, so the index is rebuilt from names alone, in the background.
 * Evicts what is over the limit.
 * @throws Error if the folder cannot be created, read or written
 */
export async function openDiskCache({ folder: requestedFolder, maxBytes, log }: DiskCacheOptions): Promise<DiskCache> {
  if (maxBytes === 0) return openDisabledDiskCache(requestedFolder, log);

  const throwUnusable = (cause: Error) => {
    const expected = 'Expected a folder that can be written for the cache';
    throw new Error(`${expected} but received ${requestedFolder}: ${cause.message}`, { cause });
  };
  const folder = await openOwnedFolder(requestedFolder, cacheOwnership).catch(throwUnusable);
  await access(folder, constants.W_OK).catch(throwUnusable);
  const tombstones = await openTombstones(folder).catch(throwUnusable);
  const removals = new Set<Promise<void>>();
  const writes = createDiskWriteQueue({ folder, fits, add, remove: (file) => remove([file]), log });
  let index = createDiskIndex(maxBytes);
  let isLruOrderSaved = true;
  let lastSave = Promise.resolve();
  let isClosing = false;
  let scan: DiskScan | undefined;
  /** False while there may be files missing from the index. */
  let isIndexComplete = false;
  let backgroundRemovals = 0;
  let loaded = load();
  const saveTimer = setInterval(saveLruOrder, saveOrderEveryMs).unref();

  async function load(): Promise<void> {
    const currentScan = scanFiles(folder, restoreFile, log);
    scan = currentScan;
    const isComplete = await currentScan.done;
    if (isClosing || scan !== currentScan) return;
    if (!tombstones.hasAll()) await restoreLruOrder();
    for (let files = evictExcess(); files.length > 0 && !isClosing; files = evictExcess()) await remove(files);
    if (scan !== currentScan) return;
    scan = undefined;
    isIndexComplete = isComplete;
    await clearTombstones();
  }

  async function clearTombstones(): Promise<void> {
    if (!isIndexComplete || backgroundRemovals > 0 || isClosing) return;
    await tombstones.clear().catch((error) => log.warn({ err: error }, 'list of dropped results cannot be removed'));
  }

  /** Indexes a file of an earlier run; false if it must be removed. */
  function restoreFile(file: CacheFile): boolean {
    const known = index.get(file.digest);
    if (known !== undefined) return known.bytes === file.bytes;
    if (writes.has(file.digest)) return true;
    if (tombstones.has(file) || !fits(file.bytes)) return false;
    index.restore(file);
    return true;
  }

  async function restoreLruOrder(): Promise<void> {
    try {
      for await (const digest of readLruOrder(folder)) index.placeOldest(digest);
    } catch (error) {
      log.warn({ err: error }, 'order of the cache cannot be read');
    }
  }

  function fits(bytes: number): boolean {
    return diskUsageOf(bytes) <= maxBytes && bytes <= maxFileBytes;
  }

  const evictExcess = () => index.evictExcess(evictionBatch);

  function add(file: CacheFile): void {
    index.add(file);
    isLruOrderSaved = false;
    // The oldest is not known until the scan is done.
    const files = scan === undefined ? evictExcess() : [];
    if (files.length > 0) void remove(files);
  }

  function remove(files: Iterable<CacheFile>): Promise<void> {
    const removal = removeFiles(folder, files, log).finally(() => removals.delete(removal));
    removals.add(removal);
    return removal;
  }

  /** If closed halfway, the image's tombstone makes the next start remove the rest. */
  async function removeInBackground(files: Iterable<CacheFile>): Promise<void> {
    backgroundRemovals += 1;
    await remove(whileOpen(files));
    backgroundRemovals -= 1;
    await clearTombstones();
  }

  function* whileOpen(files: Iterable<CacheFile>): Generator<CacheFile> {
    for (const file of files) {
      if (isClosing) return;
      yield file;
    }
  }

  function saveLruOrder(): Promise<void> {
    if (!isLruOrderSaved && scan === undefined) {
      isLruOrderSaved = true;
      const save = () => writeLruOrder(folder, index.digests());
      const warn = (error: unknown) => log.warn({ err: error }, 'order of the cache cannot be saved');
      lastSave = lastSave.then(save).catch(warn);
    }
    return lastSave;
  }

  /** If the tombstone cannot be written, waits until the files themselves are gone. */
  async function untilDurable(written: Promise<void>, removed: Promise<unknown>): Promise<void> {
    await written.catch((error) => {
      log.warn({ err: error }, 'dropped results cannot be recorded');
      return Promise.all([loaded, removed]);
    });
  }

  return {
    has: ({ digest }) => index.has(digest),
    async read({ digest, text, imageId }) {
      if (scan !== undefined && !index.has(digest) && !tombstones.hasAll()) await scan.scanShard(shardOf(imageId));
      const file = index.touch(digest);
      if (file === undefined) return undefined;
      isLruOrderSaved = false;
      const result = await readEntry(pathOf(folder, file), text, file.bytes).catch(() => undefined);
      if (result === undefined) {
        index.delete(digest);
        await remove([file]);
      }
      return result;
    },
    write(key, result) {
      if (!index.has(key.digest)) writes.enqueue(key, result);
    },
    async invalidate(imageId) {
      const { count, files } = index.removeDependents(imageId);
      const isBackground = count > maxAwaitedRemovals;
      const written = isIndexComplete && !isBackground ? Promise.resolve() : tombstones.add(imageId);
      const removed = isBackground ? removeInBackground(files) : remove(files);
      const cancelled = writes.cancel((key) => dependsOn(key, imageId));
      await Promise.all([untilDurable(written, removed), cancelled, isBackground ? undefined : removed]);
    },
    async clear() {
      const written = tombstones.addAll();
      isIndexComplete = false;
      index = createDiskIndex(maxBytes);
      scan?.stop();
      loaded = load();
      await Promise.all([untilDurable(written, Promise.resolve()), writes.cancel(() => true)]);
    },
    folder,
    get loaded() {
      return loaded;
    },
    stats: () => index.stats(),
    async close() {
      clearInterval(saveTimer);
      await writes.flush();
      await saveLruOrder();
      isClosing = true;
      scan?.stop();
      await loaded;
      await Promise.all(removals);
    },
  };
}
