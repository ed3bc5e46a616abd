import { access, constants, readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { innerFolder, isOwnedFolder, openOwnedFolder } from '../../owned-folder.ts';
import { systemCode } from '../store/errors.ts';
import { idPattern } from '../store/layout.ts';
import { isTemporaryName, sweepTemporary, temporaryName } from '../store/temporary.ts';

/** The folder of levels: a subfolder for each image, and unfinished files beside these. */
export interface LevelFolder {
  readonly path: string;
  /** A new path for an unfinished file. */
  temporaryPath(): string;
  /**
   * Checks that a file of this size can be written, and recreates the folder if others have removed it.
   * @throws Error if not
   */
  check(bytes: number): Promise<void>;
  /** Removes unfinished files of ended processes. */
  sweep(): Promise<void>;
}

const ownership = { isOurs: (name: string) => idPattern.test(name) || isTemporaryName(name) };

/**
 * @param given created if missing; if others use it, `imgwire` inside it is opened
 * @param timeoutMs request timeout
 * @throws file system errors
 */
export async function openLevelFolder(given: string, timeoutMs: number): Promise<LevelFolder> {
  const path = await openOwnedFolder(given, ownership);
  return {
    path,
    temporaryPath: () => join(path, `${temporaryName()}.v`),
    async check(bytes) {
      const { bavail, bsize } = await statfs(path).catch(async (error) => {
        if (systemCode(error) !== 'ENOENT') throw error;
        await openOwnedFolder(path, ownership);
        return statfs(path);
      });
      await access(path, constants.W_OK);
      const free = bavail * bsize;
      if (free < bytes) throw new Error(`Expected ${bytes} bytes free in ${path} but found ${free}`);
    },
    async sweep() {
      await sweepTemporary(path, timeoutMs).catch((error) => {
        if (systemCode(error) !== 'ENOENT') throw error;
      });
    },
  };
}

/** Removes all levels, except files that other processes are writing. */
export async function removeLevels(given: string, timeoutMs: number): Promise<void> {
  for (const folder of [given, innerFolder(given)]) {
    if (!(await isOwnedFolder(folder, ownership))) continue;
    for (const name of (await readdir(folder)).filter((name) => idPattern.test(name)))
      await removeFolder(join(folder, name));
    await sweepTemporary(folder, timeoutMs);
  }
}

/** Removes a folder, and retries if another process adds a file meanwhile. */
export function removeFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 5 });
}
