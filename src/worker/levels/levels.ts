import { hash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RequestError } from '../../contract/errors.ts';
import type { Logger } from '../../log.ts';
import { innerFolder, isOwnedFolder, openOwnedFolder } from '../../owned-folder.ts';
import type { Level } from '../images/level.ts';
import type { LevelCache } from '../images/transform.ts';
import { id } from '../store/layout.ts';
import type { Store } from '../store/store.ts';
import { isTemporaryName, sweepTemporary, temporaryName } from '../store/temporary.ts';
import { pipelineVersion } from '../version.ts';
import { createLevelFiles, type LevelKey } from './level-files.ts';

type Write = (path: string) => Promise<void>;

/** A cache of what decoders give, from which all sizes of an image are made: files that workers map. */
export interface Levels extends LevelCache {
  /** Resolves once no level of the images is left; what cannot be removed is logged. */
  forget(imageIds: readonly string[]): Promise<void>;
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
  store: Pick<Store, 'check'>;
  log: Logger;
}

/** Of the limit, for one level. */
const largestShare = 1 / 8;

/** Of the limit, freed by each trim and shared by the processes until their next. */
const freedShare = 1 / 10;

const sweepEveryMs = 60_000;

const ownership = { isOurs: (name: string) => id.test(name) || isTemporaryName(name) };

/** @throws Error that names a folder it cannot create or write */
export async function createLevels(options: LevelsOptions): Promise<Levels> {
  const { folder: given, maxBytes, workers, timeoutMs, store, log } = options;
  if (maxBytes === 0) return withoutLevels(given);
  const folder = await openOwnedFolder(given, ownership).catch((cause: Error) => {
    const expected = 'Expected a folder that can be written for decoded levels';
    throw new Error(`${expected} but received ${given}: ${cause.message}`, { cause });
  });
  const files = createLevelFiles(folder);
  const version = hash('sha256', pipelineVersion).slice(0, 8);
  /** Until the file is in its place. */
  const making = new Map<string, Promise<unknown>>();
  const allowance = (maxBytes * freedShare) / workers;
  let written = 0;

  const warn = (error: unknown) => {
    log.warn({ err: error }, 'decoded level cannot be kept');
    return undefined;
  };
  const sweep = () => sweepTemporary(folder, timeoutMs).catch(warn);

  async function use<T>(
    imageId: string,
    level: Level,
    write: Write | undefined,
    work: (path: string) => Promise<T>,
  ): Promise<T | undefined> {
    if (level.bytes > maxBytes * largestShare) return undefined;
    const key = { imageId, shrink: level.shrink, version };
    const name = `${imageId} ${level.shrink}`;
    for (;;) {
      await making.get(name);
      const path = await files.find(key).catch(warn);
      if (path !== undefined) return tried(path, work);
      if (write === undefined) return undefined;
      if (!making.has(name)) return makeAndUse(key, name, write, work);
    }
  }

  async function makeAndUse<T>(
    key: LevelKey,
    name: string,
    write: Write,
    work: (path: string) => Promise<T>,
  ): Promise<T | undefined> {
    const path = join(folder, `${temporaryName()}.v`);
    const used = write(path).then(() => work(path));
    // Kept after the work, which it does not delay.
    const kept = used.then(
      () => keep(key, path),
      (error) => log.debug({ err: error }, 'no decoded level'),
    );
    const done = kept
      .catch(warn)
      .then(() => rm(path, { force: true }))
      .catch(warn)
      .finally(() => making.delete(name));
    making.set(name, done);
    return orUndefined(used);
  }

  /** Removes a file that fails. */
  async function tried<T>(path: string, work: (path: string) => Promise<T>): Promise<T | undefined> {
    const result = await orUndefined(work(path));
    if (result === undefined) await rm(path, { force: true }).catch(warn);
    return result;
  }

  async function keep(key: LevelKey, unfinished: string): Promise<void> {
    const { size } = await stat(unfinished);
    if (written + size > allowance) await trim(size);
    written += size;
    await files.add(key, unfinished, size);
    await forgetIfDeleted(key.imageId);
    // Others may have made room for the same.
    if (size > allowance) await trim();
  }

  async function trim(room = 0): Promise<void> {
    await files.trim(maxBytes * (1 - freedShare) - room);
    written = 0;
  }

  async function forgetIfDeleted(imageId: string): Promise<void> {
    try {
      await store.check(imageId);
    } catch (error) {
      if (error instanceof RequestError && error.code === 'not_found') await files.forget([imageId]);
    }
  }

  await sweep();
  // In the background: it looks at all files.
  void trim().catch(warn);
  const timer = setInterval(sweep, sweepEveryMs).unref();
  return {
    use,
    forget: (imageIds) => files.forget(imageIds).catch(warn),
    close: () => clearInterval(timer),
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

async function withoutLevels(given: string): Promise<Levels> {
  // Kept, they would outlive images that are deleted meanwhile.
  for (const folder of [given, innerFolder(given)]) {
    if (!(await isOwnedFolder(folder, ownership))) continue;
    for (const name of (await readdir(folder)).filter(ownership.isOurs)) {
      await rm(join(folder, name), { recursive: true, force: true });
    }
  }
  return { use: async () => undefined, forget: async () => {}, close() {} };
}
