import { hash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import { RequestError } from '../../contract/errors.ts';
import type { Logger } from '../../log.ts';
import { type Level, pathsOf } from '../images/level.ts';
import type { LevelCache } from '../images/transform.ts';
import type { Store } from '../store/store.ts';
import { pipelineVersion } from '../version.ts';
import { createLevelBudget } from './level-budget.ts';
import { createLevelFiles, type LevelKey } from './level-files.ts';
import { type LevelFolder, openLevelFolder, removeLevels } from './level-folder.ts';

type Write = (path: string) => Promise<void>;

/** A cache of decoded images (see `Level`) in files that workers map, from which all sizes are made. */
export interface Levels extends LevelCache {
  /** Removes all levels of deleted images; resolves once they are gone. Failures are logged. */
  invalidate(imageIds: readonly string[]): Promise<void>;
  /** Removes unfinished files, before the process exits. */
  close(): void;
}

export interface LevelsOptions {
  /** Created if missing. */
  folder: string;
  /** Limit of all files together; 0 disables the cache, and removes existing files. */
  maxBytes: number;
  /** Processes that share the folder. */
  workers: number;
  /** Request timeout; older unfinished files are swept. */
  timeoutMs: number;
  /** Works without levels if the folder can no longer be used; default false. */
  isReplacement?: boolean;
  store: Pick<Store, 'check'>;
  log: Logger;
}

/** Fraction of the limit that one level may take. */
const maxLevelShare = 1 / 8;

const sweepEveryMs = 60_000;

/** One cause affects many requests. */
const warnEveryMs = 60_000;

/** Levels that could not be made despite free space: how many are remembered, and for how long. */
const failures = { max: 10_000, ttl: 600_000 };

const noLevels: Levels = { use: async () => undefined, invalidate: async () => {}, close() {} };

/**
 * Opens the cache of decoded levels.
 * @throws Error that names a folder it cannot create or write, unless for a replacement
 */
export async function createLevels(options: LevelsOptions): Promise<Levels> {
  const { folder: given, maxBytes, timeoutMs, isReplacement = false, log } = options;
  const warn = createThrottledWarning(log);
  if (maxBytes === 0) {
    // While the cache is off, deletions would not reach them.
    await removeLevels(given, timeoutMs).catch(warn);
    return noLevels;
  }
  try {
    const folder = await openLevelFolder(given, timeoutMs);
    if (!isReplacement) await folder.check(0);
    await folder.sweep();
    return createLevelsIn(folder, options, warn);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const expected = 'Expected a folder that can be written for decoded levels';
    const error = new Error(`${expected} but received ${given}: ${reason}`, { cause });
    if (!isReplacement) throw error;
    warn(error);
    return noLevels;
  }
}

function createThrottledWarning(log: Logger) {
  let quietUntil = 0;
  return (error: unknown) => {
    if (performance.now() < quietUntil) {
      log.debug({ err: error }, 'no decoded level');
      return undefined;
    }
    quietUntil = performance.now() + warnEveryMs;
    log.warn({ err: error }, 'decoded level cannot be kept');
    return undefined;
  };
}

function createLevelsIn(
  folder: LevelFolder,
  { maxBytes, workers, store, log }: LevelsOptions,
  warn: (error: unknown) => undefined,
): Levels {
  const files = createLevelFiles(folder.path);
  const budget = createLevelBudget({ maxBytes, processes: workers, trim: (bytes) => files.trim(bytes).catch(warn) });
  const maxLevelBytes = Math.min(maxBytes * maxLevelShare, budget.maxReservation);
  const version = hash('sha256', pipelineVersion).slice(0, 8);
  /** Levels being made, by image and shrink; each promise resolves once the file is in place. */
  const making = new Map<string, Promise<unknown>>();
  const unfinished = new Set<string>();
  const failed = new LRUCache<string, true>(failures);

  async function use<T>(
    imageId: string,
    level: Level,
    write: Write | undefined,
    work: (path: string) => Promise<T>,
  ): Promise<T | undefined> {
    if (level.bytes > maxLevelBytes) return undefined;
    const key = { imageId, shrink: level.shrink, version };
    const name = `${imageId} ${level.shrink}`;
    for (;;) {
      await making.get(name);
      const path = await files.find(key).catch(warn);
      if (path !== undefined) return useOrRemove(path, work);
      if (write === undefined || failed.has(name)) return undefined;
      if (making.has(name)) continue;
      return budget.reserve(level.bytes) ? makeAndUse(key, name, level.bytes, write, work) : undefined;
    }
  }

  async function makeAndUse<T>(
    key: LevelKey,
    name: string,
    bytes: number,
    write: Write,
    work: (path: string) => Promise<T>,
  ): Promise<T | undefined> {
    const path = folder.temporaryPath();
    unfinished.add(path);
    const used = folder.check(bytes).then(async () => {
      await write(path);
      return work(path);
    });
    // Stored after the work, to not delay it.
    const done = used
      .then(() => addToFiles(key, path))
      .catch(async (error) => {
        if (!(error instanceof RequestError)) await handleFailure(name, bytes, error);
        return 0;
      })
      .then((added) => budget.settle(bytes, added))
      .then(() => rm(path, { force: true }))
      .catch(warn)
      .finally(() => {
        unfinished.delete(path);
        making.delete(name);
      });
    making.set(name, done);
    return undefinedOnFailure(used);
  }

  /** Removes a file that the work fails with. */
  async function useOrRemove<T>(path: string, work: (path: string) => Promise<T>): Promise<T | undefined> {
    const result = await undefinedOnFailure(work(path));
    if (result === undefined) await rm(path, { force: true }).catch(warn);
    return result;
  }

  /** @returns the size of the file */
  async function addToFiles(key: LevelKey, path: string): Promise<number> {
    const { size } = await stat(path);
    await files.add(key, path, size);
    await invalidateIfDeleted(key.imageId);
    return size;
  }

  /** Warns if the folder is at fault; otherwise the image is decoded without a level for a while. */
  async function handleFailure(name: string, bytes: number, error: unknown): Promise<void> {
    try {
      await folder.check(bytes);
    } catch (folderError) {
      return warn(folderError);
    }
    failed.set(name, true);
    log.debug({ err: error }, 'no decoded level');
  }

  async function invalidateIfDeleted(imageId: string): Promise<void> {
    try {
      await store.check(imageId);
    } catch (error) {
      if (error instanceof RequestError && error.code === 'not_found') await files.invalidate([imageId]);
    }
  }

  const timer = setInterval(() => folder.sweep().catch(warn), sweepEveryMs).unref();
  return {
    use,
    // Each failure is logged, not throttled: these levels outlive their images.
    invalidate: (imageIds) =>
      files.invalidate(imageIds).catch((err) => log.warn({ err }, 'decoded levels cannot be removed')),
    close() {
      clearInterval(timer);
      for (const path of [...unfinished].flatMap(pathsOf)) rmSync(path, { force: true });
    },
  };
}

/**
 * Any failure but a RequestError gives undefined; if decoding without a level fails too, that error is the one thrown.
 */
async function undefinedOnFailure<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof RequestError) throw error;
    return undefined;
  }
}
