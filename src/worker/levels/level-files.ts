import { readdirSync, type Stats, statSync } from 'node:fs';
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
    if (now - state.atimeMs > touchEveryMs) utimes(known.path, new Date(now), state.mtime).catch(() => {});
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
      await unlink(path).catch(() => {});
      return undefined;
    }
    verified.set(nameOf(key), { path, change: changeOf(state) });
    return path;
  }

  async function add(key: LevelKey, unfinished: string, bytes: number): Promise<void> {
    const sum = await checksumOf(unfinished);
    const state = await stat(unfinished);
    const path = `${join(folder, nameOf(key))}-${bytes}-${sum}.v`;
    await mkdir(folderOf(key.imageId), { recursive: true });
    await rename(unfinished, path);
    verified.set(nameOf(key), { path, change: changeOf(state) });
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
        // Again where another process adds one meanwhile.
        if (kept.has(imageId))
          await rm(folderOf(imageId), { recursive: true, force: true, maxRetries: 10, retryDelay: 5 });
      }
    },
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
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
