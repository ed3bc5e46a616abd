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
import { createLevelFiles, type LevelKey } from './level-files.ts';
import { type LevelFolder, openLevelFolder, removeLevels } from './level-folder.ts';
import { createLevelRoom } from './level-room.ts';

type Write = (path: string) => Promise<void>;

/** A cache of what decoders give, from which all sizes of an image are made: files that workers map. */
export interface Levels extends LevelCache {
  /** Resolves once no level of the images is left; what cannot be removed is logged. */
  forget(imageIds: readonly string[]): Promise<void>;
  /** Removes what is unfinished, before the process ends. */
  close(): void;
}

export interface LevelsOptions {
  /** Created if missing. */
  folder: string;
  /** Limit of all files together; 0 keeps none and removes what was kept before. */
  maxBytes: number;
  /** Processes that share the folder. */
  workers: number;
  /** Request timeout; older unfinished files are swept. */
  timeoutMs: number;
  /** Goes on without levels where the folder cannot be used any more. */
  isReplacement?: boolean;
  store: Pick<Store, 'check'>;
  log: Logger;
}

/** Of the limit, for one level. */
const largestShare = 1 / 8;

const sweepEveryMs = 60_000;

/** Of one reason for many requests. */
const warnEveryMs = 60_000;

/** Images whose levels could not be made, though there was space for them, and how long that is remembered. */
const failures = { max: 10_000, ttl: 600_000 };

const none: Levels = { use: async () => undefined, forget: async () => {}, close() {} };

/** @throws Error that names a folder it cannot create or write */
export async function createLevels(options: LevelsOptions): Promise<Levels> {
  const { folder: given, maxBytes, timeoutMs, isReplacement = false, log } = options;
  const warn = createWarning(log);
  if (maxBytes === 0) {
    // Kept, they would outlive images that are deleted meanwhile.
    await removeLevels(given, timeoutMs).catch(warn);
    return none;
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
    return none;
  }
}

function createWarning(log: Logger) {
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
  const room = createLevelRoom({ maxBytes, processes: workers, trim: (bytes) => files.trim(bytes).catch(warn) });
  const largest = Math.min(maxBytes * largestShare, room.most);
  const version = hash('sha256', pipelineVersion).slice(0, 8);
  /** Until the file is in its place. */
  const making = new Map<string, Promise<unknown>>();
  const unfinished = new Set<string>();
  const failed = new LRUCache<string, true>(failures);

  async function use<T>(
    imageId: string,
    level: Level,
    write: Write | undefined,
    work: (path: string) => Promise<T>,
  ): Promise<T | undefined> {
    if (level.bytes > largest) return undefined;
    const key = { imageId, shrink: level.shrink, version };
    const name = `${imageId} ${level.shrink}`;
    for (;;) {
      await making.get(name);
      const path = await files.find(key).catch(warn);
      if (path !== undefined) return tried(path, work);
      if (write === undefined || failed.has(name)) return undefined;
      if (making.has(name)) continue;
      return room.take(level.bytes) ? makeAndUse(key, name, level.bytes, write, work) : undefined;
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
    // Kept after the work, which it does not delay.
    const done = used
      .then(() => keep(key, path))
      .catch(async (error) => {
        if (!(error instanceof RequestError)) await explain(name, bytes, error);
        return 0;
      })
      .then((added) => room.settle(bytes, added))
      .then(() => rm(path, { force: true }))
      .catch(warn)
      .finally(() => {
        unfinished.delete(path);
        making.delete(name);
      });
    making.set(name, done);
    return orUndefined(used);
  }

  /** Removes a file that fails. */
  async function tried<T>(path: string, work: (path: string) => Promise<T>): Promise<T | undefined> {
    const result = await orUndefined(work(path));
    if (result === undefined) await rm(path, { force: true }).catch(warn);
    return result;
  }

  /** @returns the bytes that it takes */
  async function keep(key: LevelKey, path: string): Promise<number> {
    const { size } = await stat(path);
    await files.add(key, path, size);
    await forgetIfDeleted(key.imageId);
    return size;
  }

  /** Where the folder is not at fault, the direct way alone works, and is taken at once from then on. */
  async function explain(name: string, bytes: number, error: unknown): Promise<void> {
    try {
      await folder.check(bytes);
    } catch (reason) {
      return warn(reason);
    }
    failed.set(name, true);
    log.debug({ err: error }, 'no decoded level');
  }

  async function forgetIfDeleted(imageId: string): Promise<void> {
    try {
      await store.check(imageId);
    } catch (error) {
      if (error instanceof RequestError && error.code === 'not_found') await files.forget([imageId]);
    }
  }

  const timer = setInterval(() => folder.sweep().catch(warn), sweepEveryMs).unref();
  return {
    use,
    // Each: they would outlive their images.
    forget: (imageIds) => files.forget(imageIds).catch((err) => log.warn({ err }, 'decoded level cannot be kept')),
    close() {
      clearInterval(timer);
      for (const path of [...unfinished].flatMap(pathsOf)) rmSync(path, { force: true });
    },
  };
}

/** What the direct way throws as well comes from there. */
async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof RequestError) throw error;
    return undefined;
  }
}
