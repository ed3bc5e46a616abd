import { readdirSync, statSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, rmdir, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { Shrink } from '../images/level.ts';
import { systemCode } from '../store/errors.ts';
import { id } from '../store/layout.ts';

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
  /** Removes the least recently used until at most so many bytes are left. */
  trim(bytes: number): Promise<void>;
}

const namePattern = /^([1248])-([0-9a-f]{8})-(\d{1,15})-([0-9a-f]{8})\.v$/;

const maxVerified = 10_000;

const touchEveryMs = 60_000;

/** Bytes that are read at once; a checksum of them takes about 0.2 ms. */
const blockBytes = 1_048_576;

/** Processes may share the folder. They need not sync files: one that a power loss has damaged fails its checksum. */
export function createLevelFiles(folder: string): LevelFiles {
  /** Checked once by each process: file and when it was last changed. */
  const verified = new LRUCache<string, string>({ max: maxVerified });
  const folderOf = (imageId: string) => join(folder, imageId);

  /** Sync, to skip the thread pool: of a local folder, in microseconds. */
  function lookUp({ imageId, shrink, version }: LevelKey) {
    try {
      for (const file of readdirSync(folderOf(imageId))) {
        const [, ofShrink, ofVersion, bytes, sum] = namePattern.exec(file) ?? [];
        if (Number(ofShrink) !== shrink || ofVersion !== version) continue;
        const path = join(folderOf(imageId), file);
        return { path, bytes: Number(bytes), sum: sum as string, state: statSync(path) };
      }
    } catch (error) {
      if (systemCode(error) !== 'ENOENT' && systemCode(error) !== 'ENOTDIR') throw error;
    }
    return undefined;
  }

  async function find(key: LevelKey): Promise<string | undefined> {
    const found = lookUp(key);
    if (found === undefined) return undefined;
    const { path, bytes, sum, state } = found;
    const { size, ino, mtime, atimeMs } = state;
    const change = `${ino} ${mtime.getTime()}`;
    if (verified.get(path) !== change) {
      if (size !== bytes || (await checksumOf(path).catch(() => undefined)) !== sum) {
        await unlink(path).catch(() => {});
        return undefined;
      }
      verified.set(path, change);
    }
    const now = Date.now();
    if (now - atimeMs > touchEveryMs) utimes(path, new Date(now), mtime).catch(() => {});
    return path;
  }

  async function add({ imageId, shrink, version }: LevelKey, unfinished: string, bytes: number): Promise<void> {
    const sum = await checksumOf(unfinished);
    const { ino, mtime } = await stat(unfinished);
    const path = join(folderOf(imageId), `${shrink}-${version}-${bytes}-${sum}.v`);
    await mkdir(folderOf(imageId), { recursive: true });
    await rename(unfinished, path);
    verified.set(path, `${ino} ${mtime.getTime()}`);
  }

  async function trim(most: number): Promise<void> {
    const files: { path: string; bytes: number; usedAt: number }[] = [];
    for (const imageId of (await readdir(folder)).filter((name) => id.test(name))) {
      for (const file of await readdir(folderOf(imageId)).catch(() => [])) {
        const path = join(folderOf(imageId), file);
        const found = await stat(path).catch(() => undefined);
        if (found !== undefined) files.push({ path, bytes: found.size, usedAt: found.atimeMs });
      }
    }
    let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { path, bytes } of files.sort((one, other) => one.usedAt - other.usedAt)) {
      if (total <= most) return;
      total -= bytes;
      await unlink(path).catch(() => {});
      // Fails unless it was the last.
      await rmdir(join(path, '..')).catch(() => {});
    }
  }

  return {
    find,
    add,
    trim,
    async forget(imageIds) {
      const kept = new Set(imageIds.length > 1 ? await readdir(folder) : imageIds);
      for (const imageId of imageIds) {
        if (kept.has(imageId)) await rm(folderOf(imageId), { recursive: true, force: true });
      }
    },
  };
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
