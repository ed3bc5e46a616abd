import { mkdir, readdir, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../../log.ts';
import { innerFolder, isOwnedFolder, openOwnedFolder } from '../../owned-folder.ts';
import { createDependents, type Dependence, dependsOn } from './dependents.ts';
import { entryBytes, readEntry, writeEntry } from './disk-entry.ts';
import { readOrder, writeOrder } from './disk-order.ts';
import type { ResultKey } from './key.ts';
import type { Result } from './result.ts';
import { type CacheStats, emptyCache } from './stats.ts';

/** Results on disk, the least recently used evicted first. */
export interface DiskCache {
  has(key: ResultKey): boolean;
  /** @returns undefined for a result that is missing or damaged */
  read(key: ResultKey): Promise<Result | undefined>;
  /** Writes in the background; drops the result where the disk does not keep up. */
  write(key: ResultKey, result: Result): void;
  /** Drops all that was made from an image or with it as watermark; resolves once the files are gone. */
  forget(imageId: string): Promise<void>;
  /** Drops everything; resolves once the files are gone. */
  clear(): Promise<void>;
  /** Where it is; undefined where it is switched off. */
  readonly folder: string | undefined;
  stats(): CacheStats;
  close(): Promise<void>;
}

export interface DiskCacheOptions {
  /** Folder of the cache, created where it is missing; `imgwire` within it where others use it. */
  folder: string;
  /** Limit of all files together; 0 keeps nothing and removes what was kept before. */
  maxBytes: number;
  log: Logger;
}

interface Entry extends Dependence {
  bytes: number;
}

interface Write {
  key: ResultKey;
  forgotten: boolean;
  done: Promise<void>;
}

const maxPendingBytes = 33_554_432;

const saveOrderEveryMs = 60_000;

const branchName = /^[0-9a-f]{2}$/;
const entryName = /^([0-9a-f]{64})-([0-9a-f]{32})-(\d{1,15})(?:-([0-9a-f]{64}))?$/;
const ownership = {
  isOurs: (name: string) => branchName.test(name) || /^(order|deletions)(\.tmp)?$|^levels$/.test(name),
};

/**
 * Opens the disk tier of the result cache. Files are named `<image id>-<digest>-<bytes>[-<watermark id>]`, in a folder
 * for the first two digits of the image id: the index is rebuilt from names alone. Files over the limit are removed.
 * @throws Error where the folder cannot be created or read
 */
export async function openDiskCache({ folder: given, maxBytes, log }: DiskCacheOptions): Promise<DiskCache> {
  const removals = new Set<Promise<void>>();
  if (maxBytes === 0) {
    // Kept, they would outlive images that are deleted meanwhile.
    for (const folder of [given, innerFolder(given)]) {
      if (await isOwnedFolder(folder, ownership))
        for (const file of await entriesOf(folder)) remove(pathOf(folder, ...file));
    }
    await Promise.all(removals);
    return {
      has: () => false,
      read: async () => undefined,
      write() {},
      forget: async () => {},
      clear: async () => {},
      folder: undefined,
      stats: () => emptyCache,
      close: async () => {},
    };
  }

  const folder = await openOwnedFolder(given, ownership).catch((cause: Error) => {
    throw new Error(`Expected a folder that can be written for the cache but received ${given}: ${cause.message}`, {
      cause,
    });
  });
  const dependents = createDependents();
  const writes = new Map<string, Write>();
  let pendingBytes = 0;
  let isOrderSaved = true;
  let lastSave = Promise.resolve();
  const index = new LRUCache<string, Entry>({
    maxSize: maxBytes,
    sizeCalculation: ({ bytes }) => bytes,
    dispose(entry, digest) {
      dependents.delete(entry, digest);
      remove(pathOf(folder, digest, entry));
    },
  });

  function remove(path: string): void {
    const done = unlink(path)
      .catch((error) => {
        if (error.code !== 'ENOENT') log.warn({ err: error }, 'cache file cannot be removed');
      })
      .finally(() => removals.delete(done));
    removals.add(done);
  }

  function add(digest: string, entry: Entry): void {
    index.set(digest, entry);
    // The index refuses what is larger than the whole cache.
    if (index.has(digest)) dependents.add(entry, digest);
    else remove(pathOf(folder, digest, entry));
    isOrderSaved = false;
  }

  async function load(): Promise<void> {
    const found = await entriesOf(folder);
    const order = await readOrder(folder);
    // Written after the order was saved, so newer than all in it.
    const rankOf = (digest: string) => order.get(digest) ?? order.size;
    for (const [digest, entry] of found.sort(([a], [b]) => rankOf(a) - rankOf(b))) add(digest, entry);
    await Promise.all(removals);
  }

  function saveOrder(): Promise<void> {
    if (!isOrderSaved) {
      isOrderSaved = true;
      const save = () => writeOrder(folder, index.rkeys());
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

  /** Resolves once their files, and all others that were dropped, are gone. */
  async function cancelWrites(isDropped: (write: Write) => boolean): Promise<void> {
    const unfinished = [...writes.values()].filter(isDropped);
    for (const write of unfinished) write.forgotten = true;
    await Promise.all(unfinished.map(({ done }) => done));
    await Promise.all(removals);
  }

  await load();
  const saving = setInterval(saveOrder, saveOrderEveryMs).unref();
  return {
    has: ({ digest }) => index.has(digest),
    async read({ digest, text }) {
      const entry = index.get(digest);
      if (entry === undefined) return undefined;
      isOrderSaved = false;
      const result = await readEntry(pathOf(folder, digest, entry), text, entry.bytes).catch(() => undefined);
      if (result === undefined && index.peek(digest) === entry) index.delete(digest);
      return result;
    },
    write(key, result) {
      const { imageId, watermarkId, digest } = key;
      const bytes = entryBytes(key.text, result);
      if (index.has(digest) || writes.has(digest) || bytes > maxBytes || pendingBytes + bytes > maxPendingBytes) return;
      pendingBytes += bytes;
      const entry = { imageId, watermarkId, bytes };
      const path = pathOf(folder, digest, entry);
      const write = { key, forgotten: false, done: Promise.resolve() };
      const settle = () => {
        pendingBytes -= bytes;
        writes.delete(digest);
      };
      write.done = store(path, key, result).then(() => {
        if (write.forgotten) remove(path);
        else add(digest, entry);
        settle();
      }, settle);
      writes.set(digest, write);
    },
    forget(imageId) {
      for (const digest of dependents.of(imageId)) index.delete(digest);
      return cancelWrites(({ key }) => dependsOn(key, imageId));
    },
    clear() {
      index.clear();
      return cancelWrites(() => true);
    },
    folder,
    stats: () => ({ entries: index.size, bytes: index.calculatedSize }),
    async close() {
      clearInterval(saving);
      await Promise.all([...writes.values()].map(({ done }) => done));
      await Promise.all(removals);
      await saveOrder();
    },
  };
}

/** The results in a folder, by the names of their files; leaves out whatever has another name. */
async function entriesOf(folder: string): Promise<[digest: string, entry: Entry][]> {
  const found: [digest: string, entry: Entry][] = [];
  for (const branch of (await readdir(folder)).filter((name) => branchName.test(name))) {
    for (const name of await readdir(join(folder, branch)).catch(() => [])) {
      const [, imageId = '', digest = '', bytes, watermarkId] = entryName.exec(name) ?? [];
      if (imageId.startsWith(branch)) found.push([digest, { imageId, watermarkId, bytes: Number(bytes) }]);
    }
  }
  return found;
}

function pathOf(folder: string, digest: string, { imageId, watermarkId, bytes }: Entry): string {
  const name = [imageId, digest, bytes, watermarkId].filter((part) => part !== undefined).join('-');
  return join(folder, imageId.slice(0, 2), name);
}
