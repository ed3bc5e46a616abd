import { access, constants, readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { innerFolder, isOwnedFolder, openOwnedFolder } from '../../owned-folder.ts';
import { systemCode } from '../store/errors.ts';
import { id } from '../store/layout.ts';
import { isTemporaryName, sweepTemporary, temporaryName } from '../store/temporary.ts';

/** Where levels are, in folders of their images, and unfinished ones beside those. */
export interface LevelFolder {
  readonly path: string;
  /** Path for a file to be made. */
  temporaryPath(): string;
  /**
   * Makes the folder anew where others have removed it.
   * @throws Error where a file of so many bytes cannot be written
   */
  check(bytes: number): Promise<void>;
  /** Removes what ended processes have left unfinished. */
  sweep(): Promise<void>;
}

const ownership = { isOurs: (name: string) => id.test(name) || isTemporaryName(name) };

/**
 * @param given created if missing; `imgwire` within it where others use it
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

/** Removes all levels, but no files that others have just begun. */
export async function removeLevels(given: string, timeoutMs: number): Promise<void> {
  for (const folder of [given, innerFolder(given)]) {
    if (!(await isOwnedFolder(folder, ownership))) continue;
    for (const name of (await readdir(folder)).filter((name) => id.test(name))) await removeFolder(join(folder, name));
    await sweepTemporary(folder, timeoutMs);
  }
}

/** Again where another process adds a file meanwhile. */
export function removeFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 5 });
}
