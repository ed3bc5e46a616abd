import { readdirSync, type Stats, statSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, rmdir, stat, unlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { Shrink } from '../images/level.ts';
import { systemCode } from '../store/errors.ts';
import { idPattern } from '../store/layout.ts';
import { isTemporaryName } from '../store/temporary.ts';
import { removeFolder } from './level-folder.ts';

/** Identifies a level. */
export interface LevelKey {
  imageId: string;
  shrink: Shrink;
  /** Version of the pipeline and its codecs, as 8 hex digits. */
  version: string;
}

/** Files of levels: `<image id>/<shrink>-<version>-<bytes>-<checksum>.v`. */
export interface LevelFiles {
  /** Path of the level, verified as whole; undefined if there is none. */
  find(key: LevelKey): Promise<string | undefined>;
  /** Moves a finished file of this size into the folder. */
  add(key: LevelKey, unfinished: string, bytes: number): Promise<void>;
  /** Removes all levels of deleted images. */
  invalidate(imageIds: readonly string[]): Promise<void>;
  /** Removes the least recently used files until at most this many bytes are left, counting unfinished files too. */
  trim(bytes: number): Promise<void>;
}

const namePattern = /^[1248]-[0-9a-f]{8}-(\d{1,15})-([0-9a-f]{8})\.v$/;

const nameOf = ({ imageId, shrink, version }: LevelKey) => `${imageId}/${shrink}-${version}`;

const fingerprintOf = ({ ino, mtime }: Stats) => `${ino} ${mtime.getTime()}`;

const maxVerified = 10_000;

const touchEveryMs = 60_000;

/** Read size of checksums, which take about 0.2 ms per block. */
const blockBytes = 1_048_576;

/**
 * Opens the files of a folder, which processes may share. Nothing is synced: a file that a power loss has damaged
 * fails its checksum.
 */
export function createLevelFiles(folder: string): LevelFiles {
  /** Files whose checksum this process has verified; one that has changed is verified again. */
  const verified = new LRUCache<string, { path: string; fingerprint: string }>({ max: maxVerified });
  const folderOf = (imageId: string) => join(folder, imageId);

  /** Uses synchronous calls, which take microseconds in a local folder and skip the thread pool. */
  async function find(key: LevelKey): Promise<string | undefined> {
    const name = nameOf(key);
    const known = verified.get(name);
    const state = known && statSync(known.path, { throwIfNoEntry: false });
    if (known === undefined || state === undefined || fingerprintOf(state) !== known.fingerprint)
      return findAndVerify(key);
    const now = Date.now();
    // The absolute difference, in case the clock was set back.
    if (Math.abs(now - state.atimeMs) > touchEveryMs) utimes(known.path, new Date(now), state.mtime).catch(() => {});
    return known.path;
  }

  async function findAndVerify(key: LevelKey): Promise<string | undefined> {
    const { imageId } = key;
    const prefix = `${nameOf(key).slice(imageId.length + 1)}-`;
    const file = namesIn(folderOf(imageId)).find((name) => name.startsWith(prefix) && namePattern.test(name));
    if (file === undefined) return undefined;
    const [, bytes, checksum] = namePattern.exec(file) as unknown as [string, string, string];
    const path = join(folderOf(imageId), file);
    const state = await stat(path);
    if (state.size !== Number(bytes) || (await checksumOf(path).catch(() => undefined)) !== checksum) {
      await rm(path, { recursive: true, force: true });
      return undefined;
    }
    verified.set(nameOf(key), { path, fingerprint: fingerprintOf(state) });
    return path;
  }

  async function add(key: LevelKey, unfinished: string, bytes: number): Promise<void> {
    const checksum = await checksumOf(unfinished);
    const state = await stat(unfinished);
    const path = `${join(folder, nameOf(key))}-${bytes}-${checksum}.v`;
    await moveIntoFolder(unfinished, path);
    verified.set(nameOf(key), { path, fingerprint: fingerprintOf(state) });
  }

  async function trim(maxBytes: number): Promise<void> {
    const now = Date.now();
    const files: { path: string; usedAt: number; bytes: number }[] = [];
    let total = 0;
    for await (const { path, isFinished } of allFiles()) {
      const found = await stat(path).catch(() => undefined);
      if (found === undefined) continue;
      total += found.size;
      if (isFinished) files.push({ path, usedAt: lastUsedAt(found, now), bytes: found.size });
    }
    for (const { path, bytes } of files.sort((one, other) => one.usedAt - other.usedAt)) {
      if (total <= maxBytes) return;
      total -= bytes;
      await unlink(path).catch(() => {});
      // Fails unless this was the last file of the image.
      await rmdir(dirname(path)).catch(() => {});
    }
  }

  async function* allFiles(): AsyncGenerator<{ path: string; isFinished: boolean }> {
    for (const name of await readdir(folder).catch(emptyIfMissing)) {
      const path = join(folder, name);
      if (isTemporaryName(name)) yield { path, isFinished: false };
      if (!idPattern.test(name)) continue;
      for (const file of await readdir(path).catch(() => [])) yield { path: join(path, file), isFinished: true };
    }
  }

  return {
    find,
    add,
    trim,
    async invalidate(imageIds) {
      const kept = new Set(imageIds.length > 1 ? await readdir(folder).catch(emptyIfMissing) : imageIds);
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
    return emptyIfMissing(error);
  }
}

function emptyIfMissing(error: unknown): never[] {
  if (systemCode(error) !== 'ENOENT') throw error;
  return [];
}

/** A time in the future dates from before the clock was set back, and counts as longer ago than any other. */
function lastUsedAt({ atimeMs }: Stats, now: number): number {
  return atimeMs > now + touchEveryMs ? atimeMs - Number.MAX_SAFE_INTEGER : atimeMs;
}

/** Retries, as another process may remove the folder while it is empty. */
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
