import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from '../../log.ts';
import { innerFolder, isOwnedFolder, openOwnedFolder } from '../../owned-folder.ts';
import { type Dependence, dependsOn } from './dependents.ts';
import { openDrops } from './disk-drops.ts';
import { entryBytes, readEntry, writeEntry } from './disk-entry.ts';
import { branchesIn, branchOf, type CacheFile, isBranchName, pathOf, removeFiles } from './disk-files.ts';
import { createDiskIndex, maxFileBytes, spaceOf } from './disk-index.ts';
import { readOrder, writeOrder } from './disk-order.ts';
import { type DiskScan, scanFiles } from './disk-scan.ts';
import type { ResultKey } from './key.ts';
import type { Result } from './result.ts';
import { type CacheStats, emptyCache } from './stats.ts';

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

interface Write {
  key: Dependence;
  forgotten: boolean;
  done: Promise<void>;
}

const maxPendingBytes = 33_554_432;

const saveOrderEveryMs = 60_000;

const evictedAtOnce = 512;

const ownership = {
  isOurs: (name: string) => isBranchName(name) || /^(order|deletions|dropped)(\.tmp)?$|^levels$/.test(name),
};

/**
 * Opens the disk tier of the result cache. Files are named `<image id>-<digest>-<bytes>[-<watermark id>]`, in a folder
 * for the first two digits of the image id: the index is rebuilt from names alone, in the background. Files over the
 * limit are removed.
 * @throws Error where the folder cannot be created or read
 */
export async function openDiskCache({ folder: given, maxBytes, log }: DiskCacheOptions): Promise<DiskCache> {
  if (maxBytes === 0) return openEmptied(given, log);

  const unusable = (cause: Error) => {
    throw new Error(`Expected a folder that can be written for the cache but received ${given}: ${cause.message}`, {
      cause,
    });
  };
  const folder = await openOwnedFolder(given, ownership).catch(unusable);
  const drops = await openDrops(folder).catch(unusable);
  const removals = new Set<Promise<void>>();
  const writes = new Map<string, Write>();
  let index = createDiskIndex(maxBytes);
  let pendingBytes = 0;
  let isOrderSaved = true;
  let lastSave = Promise.resolve();
  let isClosing = false;
  let scan: DiskScan | undefined;
  /** False while there may be files that the index does not have. */
  let areAllKnown = false;
  let loaded = load();
  const saving = setInterval(saveOrder, saveOrderEveryMs).unref();

  async function load(): Promise<void> {
    const own = scanFiles(folder, keep, log);
    scan = own;
    const isComplete = await own.done;
    if (isClosing || scan !== own) return;
    if (!drops.hasAll()) await placeInOrder();
    for (let files = takeExcess(); files.length > 0; files = takeExcess()) await remove(files);
    if (scan !== own) return;
    scan = undefined;
    areAllKnown = isComplete;
    if (areAllKnown) await drops.reset().catch((error) => log.warn({ err: error }, 'list of dropped results stays'));
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

  const fits = (bytes: number) => spaceOf(bytes) <= maxBytes && bytes <= maxFileBytes;

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

  function saveOrder(): Promise<void> {
    if (!isOrderSaved && scan === undefined) {
      isOrderSaved = true;
      const save = () => writeOrder(folder, index.digests());
      const warn = (error: unknown) => log.warn({ err: error }, 'order of the cache cannot be saved');
      lastSave = lastSave.then(save).catch(warn);
    }
    return lastSave;
  }

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

  /** Resolves once their files are gone. */
  async function cancelWrites(isDropped: (write: Write) => boolean): Promise<void> {
    const unfinished = [...writes.values()].filter(isDropped);
    for (const write of unfinished) write.forgotten = true;
    await Promise.all(unfinished.map(({ done }) => done));
  }

  /** Waits for the files themselves to be gone where that they are dropped cannot be written down. */
  async function remembered(written: Promise<void>): Promise<void> {
    await written.catch((error) => {
      log.warn({ err: error }, 'dropped results cannot be written down');
      return loaded;
    });
  }

  return {
    has: ({ digest }) => index.has(digest),
    async read({ digest, text, imageId }) {
      if (scan !== undefined && index.get(digest) === undefined && !drops.hasAll())
        await scan.branch(branchOf(imageId));
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
      const { imageId, watermarkId, digest } = key;
      const bytes = entryBytes(key.text, result);
      if (index.has(digest) || writes.has(digest)) return;
      if (!fits(bytes) || pendingBytes + bytes > maxPendingBytes) return;
      pendingBytes += bytes;
      const file = { imageId, digest, bytes, watermarkId };
      const write = { key, forgotten: false, done: Promise.resolve() };
      const settle = () => {
        pendingBytes -= bytes;
        writes.delete(digest);
      };
      write.done = store(pathOf(folder, file), key, result)
        .then(() => (write.forgotten ? remove([file]) : add(file)))
        .then(settle, settle);
      writes.set(digest, write);
    },
    async forget(imageId) {
      const written = areAllKnown ? Promise.resolve() : drops.add(imageId);
      const removed = remove(index.takeDependents(imageId));
      await Promise.all([remembered(written), removed, cancelWrites(({ key }) => dependsOn(key, imageId))]);
    },
    async clear() {
      const written = drops.addAll();
      areAllKnown = false;
      index = createDiskIndex(maxBytes);
      scan?.stop();
      loaded = load();
      await Promise.all([remembered(written), cancelWrites(() => true)]);
    },
    folder,
    get loaded() {
      return loaded;
    },
    stats: () => index.stats(),
    async close() {
      clearInterval(saving);
      await Promise.all([...writes.values()].map(({ done }) => done));
      await saveOrder();
      isClosing = true;
      scan?.stop();
      await loaded;
      await Promise.all(removals);
    },
  };
}

/** Removes what was kept: it would outlive images that are deleted meanwhile. */
async function openEmptied(given: string, log: Logger): Promise<DiskCache> {
  const scans: DiskScan[] = [];
  const ends: Promise<void>[] = [];
  for (const folder of [given, innerFolder(given)]) {
    if (!(await isOwnedFolder(folder, ownership)) || (await branchesIn(folder)).length === 0) continue;
    const drops = await openDrops(folder);
    const written = drops.addAll();
    const scan = scanFiles(folder, () => false, log);
    await written.catch(() => scan.done);
    scans.push(scan);
    ends.push(scan.done.then((isComplete) => (isComplete ? drops.reset() : undefined)));
  }
  const loaded = Promise.all(ends).then(() => {});
  return {
    has: () => false,
    read: async () => undefined,
    write() {},
    forget: async () => {},
    clear: async () => {},
    folder: undefined,
    loaded,
    stats: () => emptyCache,
    async close() {
      for (const scan of scans) scan.stop();
      await loaded;
    },
  };
}
