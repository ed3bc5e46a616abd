import { closeSync, fstatSync, fsync, open, write } from 'node:fs';
import { link, lstat, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from '../../make-folder.ts';
import { systemCode } from './errors.ts';

// Plain descriptors: closing a FileHandle takes another trip to the thread pool.
export const openFile = promisify(open);
const writeTo = promisify(write);
const sync = promisify(fsync);

/** Error codes of file systems without hard links (some network ones, FUSE, FAT). */
const noHardLinkCodes = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * Writes a new file, and syncs it.
 * @returns modification time
 */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<Date> {
  const file = await openFile(path, 'wx');
  try {
    for (let done = 0; done < bytes.length; ) done += (await writeTo(file, bytes, done)).bytesWritten;
    await sync(file);
    return fstatSync(file).mtime;
  } finally {
    closeSync(file);
  }
}

/** Makes the names in a folder durable: a power loss can take the name of a file that is synced itself. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await openFile(path, 'r');
  try {
    await sync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Creates a folder with its missing parents, and syncs the parent of each new one. */
export async function makeFolderDurably(path: string): Promise<void> {
  await makeFolder(path, (created) => syncFolder(dirname(created)));
}

/**
 * Moves a file to a new name by a hard link, which is atomic, or by renaming it. May leave the old name
 * as a second link.
 * @returns whether the name was free
 */
export async function moveIfAbsent(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') return false;
    if (code === undefined || !noHardLinkCodes.has(code)) throw error;
  }
  // Not atomic: in a race, both callers report "created"; both wrote the same bytes.
  if (await exists(to)) return false;
  await rename(from, to);
  return true;
}

export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
