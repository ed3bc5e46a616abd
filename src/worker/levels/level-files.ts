import { readdirSync, type Stats, statSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, rmdir, stat, unlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { Shrink } from '../images/level.ts';
import { systemCode } from '../store/errors.ts';
import { id } from '../store/layout.ts';
import { isTemporaryName } from '../store/temporary.ts';
import { removeFolder } from './level-folder.ts';

/** Where a level is, and its version, which is of the pipeline and codecs. */
export interface LevelKey {
  imageId: string;
  shrink: Shrink;
  /** 8 hex digits. */
  version: string;
}

/** Files of levels: `<image id>/<shrink>-<version>-<bytes>-<checksum>.v`. */
export interface LevelFiles {
  /** Path of a level that is whole; undefined if there is none. */
  find(key: LevelKey): Promise<string | undefined>;
  /** Moves a finished file of so many bytes in. */
  add(key: LevelKey, unfinished: string, bytes: number): Promise<void>;
  forget(imageIds: readonly string[]): Promise<void>;
  /** Removes the least recently used until at most so many bytes are left, with those that are unfinished. */
  trim(bytes: number): Promise<void>;
}

const namePattern = /^[1248]-[0-9a-f]{8}-(\d{1,15})-([0-9a-f]{8})\.v$/;

const nameOf = ({ imageId, shrink, version }: LevelKey) => `${imageId}/${shrink}-${version}`;

const changeOf = ({ ino, mtime }: Stats) => `${ino} ${mtime.getTime()}`;

const maxVerified = 10_000;

const touchEveryMs = 60_000;

/** Bytes that are read at once; a checksum of them takes about 0.2 ms. */
const blockBytes = 1_048_576;

/** Processes may share the folder. They need not sync files: one that a power loss has damaged fails its checksum. */
export function createLevelFiles(folder: string): LevelFiles {
  /** Checked once by each process, and again where it has changed. */
  const verified = new LRUCache<string, { path: string; change: string }>({ max: maxVerified });
  const folderOf = (imageId: string) => join(folder, imageId);

  /** Sync here, to skip the thread pool: of a local folder, in microseconds. */
  async function find(key: LevelKey): Promise<string | undefined> {
    const name = nameOf(key);
    const known = verified.get(name);
    const state = known && statSync(known.path, { throwIfNoEntry: false });
    if (known === undefined || state === undefined || changeOf(state) !== known.change) return findAnew(key);
    const now = Date.now();
    // Or after the clock was put back.
    if (Math.abs(now - state.atimeMs) > touchEveryMs) utimes(known.path, new Date(now), state.mtime).catch(() => {});
    return known.path;
  }

  async function findAnew(key: LevelKey): Promise<string | undefined> {
    const { imageId } = key;
    const start = `${nameOf(key).slice(imageId.length + 1)}-`;
    const file = namesIn(folderOf(imageId)).find((name) => name.startsWith(start) && namePattern.test(name));
    if (file === undefined) return undefined;
    const [, bytes, sum] = namePattern.exec(file) as unknown as [string, string, string];
    const path = join(folderOf(imageId), file);
    const state = await stat(path);
    if (state.size !== Number(bytes) || (await checksumOf(path).catch(() => undefined)) !== sum) {
      await rm(path, { recursive: true, force: true });
      return undefined;
    }
    verified.set(nameOf(key), { path, change: changeOf(state) });
    return path;
  }

  async function add(key: LevelKey, unfinished: string, bytes: number): Promise<void> {
    const sum = await checksumOf(unfinished);
    const state = await stat(unfinished);
    const path = `${join(folder, nameOf(key))}-${bytes}-${sum}.v`;
    await moveIntoFolder(unfinished, path);
    verified.set(nameOf(key), { path, change: changeOf(state) });
  }

  async function trim(most: number): Promise<void> {
    const now = Date.now();
    const files: { path: string; usedAt: number; bytes: number }[] = [];
    let total = 0;
    for await (const { path, isFinished } of namesOfAll()) {
      const found = await stat(path).catch(() => undefined);
      if (found === undefined) continue;
      total += found.size;
      if (isFinished) files.push({ path, usedAt: usedAt(found, now), bytes: found.size });
    }
    for (const { path, bytes } of files.sort((one, other) => one.usedAt - other.usedAt)) {
      if (total <= most) return;
      total -= bytes;
      await unlink(path).catch(() => {});
      // Fails unless it was the last.
      await rmdir(dirname(path)).catch(() => {});
    }
  }

  async function* namesOfAll(): AsyncGenerator<{ path: string; isFinished: boolean }> {
    for (const name of await readdir(folder).catch(unlessGone)) {
      const path = join(folder, name);
      if (isTemporaryName(name)) yield { path, isFinished: false };
      if (!id.test(name)) continue;
      for (const file of await readdir(path).catch(() => [])) yield { path: join(path, file), isFinished: true };
    }
  }

  return {
    find,
    add,
    trim,
    async forget(imageIds) {
      const kept = new Set(imageIds.length > 1 ? await readdir(folder).catch(unlessGone) : imageIds);
      for (const imageId of imageIds) {
        if (kept.has(imageId)) await removeFolder(folderOf(imageId));
      }
    },
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    return unlessGone(error);
  }
}

function unlessGone(error: unknown): never[] {
  if (systemCode(error) !== 'ENOENT') throw error;
  return [];
}

/** A time to come is from before the clock was put back, and longer ago than any other. */
function usedAt({ atimeMs }: Stats, now: number): number {
  return atimeMs > now + touchEveryMs ? atimeMs - Number.MAX_SAFE_INTEGER : atimeMs;
}

/** Another process may remove the folder, while it is empty. */
async function moveIntoFolder(unfinished: string, path: string): Promise<void> {
  for (let triesLeft = 10; ; triesLeft -= 1) {
    try {
      await mkdir(dirname(path), { recursive: true });
      return await rename(unfinished, path);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT' || triesLeft === 0) throw error;
    }
  }
}

async function checksumOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const block = Buffer.allocUnsafe(blockBytes);
    for (let sum = 0; ; ) {
      const { bytesRead } = await file.read(block, 0, blockBytes);
      if (bytesRead === 0) return sum.toString(16).padStart(8, '0');
      sum = crc32(block.subarray(0, bytesRead), sum);
    }
  } finally {
    await file.close();
  }
}
