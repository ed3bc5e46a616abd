import { access, constants } from 'node:fs/promises';
import type { Logger } from '../../log.ts';
import { openOwnedFolder } from '../../owned-folder.ts';
import { dependsOn } from './dependents.ts';
import { openDrops } from './disk-drops.ts';
import { readEntry } from './disk-entry.ts';
import { branchOf, type CacheFile, pathOf, removeFiles } from './disk-files.ts';
import { cacheOwnership } from './disk-folder.ts';
import { createDiskIndex, maxFileBytes, spaceOf } from './disk-index.ts';
import { openSwitchedOff } from './disk-off.ts';
import { readOrder, writeOrder } from './disk-order.ts';
import { type DiskScan, scanFiles } from './disk-scan.ts';
import { createDiskWrites } from './disk-writes.ts';
import type { ResultKey } from './key.ts';
import type { Result } from './result.ts';
import type { CacheStats } from './stats.ts';

/** Results on disk, the least recently used evicted first. */
export interface DiskCache {
  /** Until `loaded`, results of earlier runs may be missing. */
  has(key: ResultKey): boolean;
  /** @returns undefined for a result that is missing or damaged */
  read(key: ResultKey): Promise<Result | undefined>;
  /** Writes in the background; drops the result where the disk does not keep up. */
  write(key: ResultKey, result: Result): void;
  /** Drops all that was made from an image or with it as watermark; resolves once a restart does not find it again. */
  forget(imageId: string): Promise<void>;
  /** Drops everything; resolves once a restart does not find it again. */
  clear(): Promise<void>;
  /** Where it is; undefined where it is switched off. */
  readonly folder: string | undefined;
  /** Resolves once the files of earlier runs are known, or removed. */
  readonly loaded: Promise<void>;
  stats(): CacheStats;
  close(): Promise<void>;
}

export interface DiskCacheOptions {
  /** Folder of the cache, created where it is missing; `imgwire` within it where others use it. */
  folder: string;
  /** Limit of all files together, in whole blocks; 0 keeps nothing and removes what was kept before. */
  maxBytes: number;
  log: Logger;
}

const saveOrderEveryMs = 60_000;

const evictedAtOnce = 512;

/** Files of an image that a deletion waits for: some 50 ms. */
const removedAtOnce = 1000;

/**
 * Opens the disk tier of the result cache. Files are named `<image id>-<digest>-<bytes>[-<watermark id>]`, in a folder
 * for the first two digits of the image id: the index is rebuilt from names alone, in the background. Files over the
 * limit are removed.
 * @throws Error where the folder cannot be created, read or written
 */
export async function openDiskCache({ folder: given, maxBytes, log }: DiskCacheOptions): Promise<DiskCache> {
  if (maxBytes === 0) return openSwitchedOff(given, log);

  const unusable = (cause: Error) => {
    throw new Error(`Expected a folder that can be written for the cache but received ${given}: ${cause.message}`, {
      cause,
    });
  };
  const folder = await openOwnedFolder(given, cacheOwnership).catch(unusable);
  await access(folder, constants.W_OK).catch(unusable);
  const drops = await openDrops(folder).catch(unusable);
  const removals = new Set<Promise<void>>();
  const writes = createDiskWrites({ folder, fits, add, remove: (file) => remove([file]), log });
  let index = createDiskIndex(maxBytes);
  let isOrderSaved = true;
  let lastSave = Promise.resolve();
  let isClosing = false;
  let scan: DiskScan | undefined;
  /** False while there may be files that the index does not have. */
  let areAllKnown = false;
  let longRemovals = 0;
  let loaded = load();
  const saving = setInterval(saveOrder, saveOrderEveryMs).unref();

  async function load(): Promise<void> {
    const own = scanFiles(folder, keep, log);
    scan = own;
    const isComplete = await own.done;
    if (isClosing || scan !== own) return;
    if (!drops.hasAll()) await placeInOrder();
    for (let files = takeExcess(); files.length > 0 && !isClosing; files = takeExcess()) await remove(files);
    if (scan !== own) return;
    scan = undefined;
    areAllKnown = isComplete;
    await resetDrops();
  }

  async function resetDrops(): Promise<void> {
    if (!areAllKnown || longRemovals > 0 || isClosing) return;
    await drops.reset().catch((error) => log.warn({ err: error }, 'list of dropped results stays'));
  }

  /** Whether a file of an earlier run stays. */
  function keep(file: CacheFile): boolean {
    const known = index.get(file.digest);
    if (known !== undefined) return known.bytes === file.bytes;
    if (writes.has(file.digest)) return true;
    if (drops.has(file) || !fits(file.bytes)) return false;
    index.addFound(file);
    return true;
  }

  async function placeInOrder(): Promise<void> {
    try {
      for await (const digest of readOrder(folder)) index.placeOldest(digest);
    } catch (error) {
      log.warn({ err: error }, 'order of the cache cannot be read');
    }
  }

  function fits(bytes: number): boolean {
    return spaceOf(bytes) <= maxBytes && bytes <= maxFileBytes;
  }

  const takeExcess = () => index.takeExcess(evictedAtOnce);

  function add(file: CacheFile): void {
    index.add(file);
    isOrderSaved = false;
    // Until all are found, which one is the oldest is not known.
    const files = scan === undefined ? takeExcess() : [];
    if (files.length > 0) void remove(files);
  }

  function remove(files: Iterable<CacheFile>): Promise<void> {
    const removal = removeFiles(folder, files, log).finally(() => removals.delete(removal));
    removals.add(removal);
    return removal;
  }

  /** Goes on in the background, after a restart as well: the image is on the list of what was dropped. */
  async function removeMany(files: Iterable<CacheFile>): Promise<void> {
    longRemovals += 1;
    await remove(whileOpen(files));
    longRemovals -= 1;
    await resetDrops();
  }

  function* whileOpen(files: Iterable<CacheFile>): Generator<CacheFile> {
    for (const file of files) {
      if (isClosing) return;
      yield file;
    }
  }

  function saveOrder(): Promise<void> {
    if (!isOrderSaved && scan === undefined) {
      isOrderSaved = true;
      const save = () => writeOrder(folder, index.digests());
      const warn = (error: unknown) => log.warn({ err: error }, 'order of the cache cannot be saved');
      lastSave = lastSave.then(save).catch(warn);
    }
    return lastSave;
  }

  /** Waits for the files themselves to be gone where that they are dropped cannot be written down. */
  async function remembered(written: Promise<void>, removed: Promise<unknown>): Promise<void> {
    await written.catch((error) => {
      log.warn({ err: error }, 'dropped results cannot be written down');
      return Promise.all([loaded, removed]);
    });
  }

  return {
    has: ({ digest }) => index.has(digest),
    async read({ digest, text, imageId }) {
      if (scan !== undefined && !index.has(digest) && !drops.hasAll()) await scan.branch(branchOf(imageId));
      const file = index.use(digest);
      if (file === undefined) return undefined;
      isOrderSaved = false;
      const result = await readEntry(pathOf(folder, file), text, file.bytes).catch(() => undefined);
      if (result === undefined) {
        index.delete(digest);
        await remove([file]);
      }
      return result;
    },
    write(key, result) {
      if (!index.has(key.digest)) writes.begin(key, result);
    },
    async forget(imageId) {
      const { count, files } = index.takeDependents(imageId);
      const isLong = count > removedAtOnce;
      const written = areAllKnown && !isLong ? Promise.resolve() : drops.add(imageId);
      const removed = isLong ? removeMany(files) : remove(files);
      const cancelled = writes.cancel((key) => dependsOn(key, imageId));
      await Promise.all([remembered(written, removed), cancelled, isLong ? undefined : removed]);
    },
    async clear() {
      const written = drops.addAll();
      areAllKnown = false;
      index = createDiskIndex(maxBytes);
      scan?.stop();
      loaded = load();
      await Promise.all([remembered(written, Promise.resolve()), writes.cancel(() => true)]);
    },
    folder,
    get loaded() {
      return loaded;
    },
    stats: () => index.stats(),
    async close() {
      clearInterval(saving);
      await writes.settled();
      await saveOrder();
      isClosing = true;
      scan?.stop();
      await loaded;
      await Promise.all(removals);
    },
  };
}
