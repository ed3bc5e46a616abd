import { hash } from 'node:crypto';
import { mkdir, readdir, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../../log.ts';
import { once } from '../remember.ts';
import { entryBytes, readEntry, writeEntry } from './entry-file.ts';
import type { Result, ResultKey } from './result.ts';

/** Results on disk, by bytes; those that were not asked for the longest go first. */
export interface DiskCache {
  /** Whether there is a file for it, going by the index in memory. */
  has(key: ResultKey): boolean;
  /** @returns undefined for a result that is not there, or not whole */
  read(key: ResultKey): Promise<Result | undefined>;
  /** Writes behind the caller's back, and not at all where the disk does not keep up. */
  write(key: ResultKey, result: Result): void;
  /** Drops all results of an image, those that are being written too; resolves once their files are gone. */
  forget(imageId: string): Promise<void>;
  /** Resolves once nothing is being written any more. */
  close(): Promise<void>;
}

export interface DiskCacheOptions {
  /** Folder of the cache; made where it is missing. */
  folder: string;
  /** 0 keeps nothing, and removes what was kept before. */
  maxBytes: number;
  log: Logger;
}

/** Most bytes that wait to be written. */
const maxPendingBytes = 33_554_432;

const fileName = /^([0-9a-f]{64}-[0-9a-f]{32})-(\d{1,15})$/;

/** `<folder>/<first two digits of the image's id>/<image's id>-<hash of the key>-<bytes>`: names tell all that the index needs. */
export async function openDiskCache({ folder, maxBytes, log }: DiskCacheOptions): Promise<DiskCache> {
  if (maxBytes === 0) {
    // Kept, they would outlive images that are deleted meanwhile.
    await rm(folder, { recursive: true, force: true });
    return { has: () => false, read: async () => undefined, write() {}, forget: async () => {}, close: async () => {} };
  }

  const namesOf = new Map<string, Set<string>>();
  const index = new LRUCache<string, number>({
    maxSize: maxBytes,
    sizeCalculation: (bytes) => bytes,
    dispose(bytes, name) {
      const names = namesOf.get(imageIdOf(name));
      names?.delete(name);
      if (names?.size === 0) namesOf.delete(imageIdOf(name));
      removals.add(unlink(pathOf(name, bytes)).catch(ignoreMissing));
    },
    noDisposeOnSet: true,
  });
  const removals = tracked();
  const writes = new Map<string, { imageId: string; forgotten: boolean; done: Promise<void> }>();
  let pendingBytes = 0;

  const folderOf = (name: string) => join(folder, name.slice(0, 2));
  const pathOf = (name: string, bytes: number) => join(folderOf(name), `${name}-${bytes}`);

  function ignoreMissing(error: NodeJS.ErrnoException): void {
    if (error.code !== 'ENOENT') log.warn({ err: error }, 'file of the cache cannot be removed');
  }

  function add(name: string, bytes: number): void {
    index.set(name, bytes);
    const imageId = imageIdOf(name);
    namesOf.set(imageId, (namesOf.get(imageId) ?? new Set()).add(name));
  }

  async function load(): Promise<void> {
    await mkdir(folder).catch(unlessThere);
    for (const branch of await readdir(folder)) {
      if (!/^[0-9a-f]{2}$/.test(branch)) continue;
      for (const entry of await readdir(join(folder, branch))) {
        const [, name, bytes] = fileName.exec(entry) ?? [];
        if (name?.startsWith(branch)) add(name, Number(bytes));
      }
    }
  }

  async function store(name: string, text: string, result: Result, bytes: number): Promise<void> {
    const path = pathOf(name, bytes);
    try {
      await writeEntry(path, text, result).catch(async (error) => {
        if (error.code !== 'ENOENT') throw error;
        await mkdir(folderOf(name)).catch(unlessThere);
        await writeEntry(path, text, result);
      });
    } catch (error) {
      log.warn({ err: error }, 'result cannot be written to the cache');
      await rm(path, { force: true }).catch(() => {});
      throw error;
    }
  }

  await load();
  return {
    has: (key) => index.has(nameOf(key)),
    async read(key) {
      const name = nameOf(key);
      const bytes = index.get(name);
      if (bytes === undefined) return undefined;
      const result = await readEntry(pathOf(name, bytes), key.text, bytes).catch(() => undefined);
      if (result === undefined && index.peek(name) === bytes) index.delete(name);
      return result;
    },
    write(key, result) {
      const name = nameOf(key);
      const bytes = entryBytes(key.text, result);
      if (index.has(name) || writes.has(name) || bytes > maxBytes || pendingBytes + bytes > maxPendingBytes) return;
      pendingBytes += bytes;
      const write = { imageId: key.imageId, forgotten: false, done: Promise.resolve() };
      const settle = () => {
        pendingBytes -= bytes;
        writes.delete(name);
      };
      write.done = store(name, key.text, result, bytes).then(async () => {
        if (write.forgotten) await unlink(pathOf(name, bytes)).catch(ignoreMissing);
        else add(name, bytes);
        settle();
      }, settle);
      writes.set(name, write);
    },
    async forget(imageId) {
      for (const name of [...(namesOf.get(imageId) ?? [])]) index.delete(name);
      const unfinished = [...writes.values()].filter((write) => write.imageId === imageId);
      for (const write of unfinished) write.forgotten = true;
      await Promise.all([removals.settled(), ...unfinished.map(({ done }) => done)]);
    },
    async close() {
      await Promise.all([...writes.values()].map(({ done }) => done));
      await removals.settled();
    },
  };
}

/** Of a key it is asked for several times on the way of one request. */
const nameOf = once(({ imageId, text }: ResultKey) => `${imageId}-${hash('sha256', text).slice(0, 32)}`);

function imageIdOf(name: string): string {
  return name.slice(0, 64);
}

/** Promises that have not settled yet. */
function tracked() {
  const pending = new Set<Promise<unknown>>();
  return {
    add(promise: Promise<unknown>) {
      pending.add(promise);
      void promise.finally(() => pending.delete(promise));
    },
    settled: () => Promise.all(pending),
  };
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
