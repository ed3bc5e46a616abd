import { link, lstat, mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from './errors.ts';

/** Some network, FUSE and FAT file systems have no hard links, and each says so in its own way. */
const noHardLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Writes a new file and waits until its bytes are on the disk. */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Waits until the names in a folder are on the disk: a file that is synced can still lose its name. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Makes a folder with its parents, and waits until all that was made is on the disk.
 * Not by `mkdir` with `recursive`: that one never returns where a parent refuses with ENOENT, as /proc does.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return;
    if (systemCode(error) !== 'ENOENT') throw error;
    await makeFolder(dirname(path));
    await mkdir(path).catch(unlessThere);
  }
  await syncFolder(dirname(path));
}

function unlessThere(error: unknown): void {
  if (systemCode(error) !== 'EEXIST') throw error;
}

/**
 * Gives a file its final name, in one step, unless the name is taken.
 * The old name may be left, as a second link.
 * @returns whether the name was free
 */
export async function moveIfAbsent(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') return false;
    if (code === undefined || !noHardLinks.has(code)) throw error;
  }
  // Two who pass here at once both say "created", and the file is whole all the same: both wrote the same bytes.
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
