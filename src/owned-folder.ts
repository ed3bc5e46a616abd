import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface Ownership {
  isOurs: (name: string) => boolean;
  /** Marks a folder as ours; default `.imgwire`. */
  marker?: string;
}

/**
 * Opens a folder in which files may be removed: the given one if ours, else (such as /var/tmp) `imgwire` within it. Makes
 * what is missing, and writes nothing where all is there.
 * @throws file system errors
 */
export async function openOwnedFolder(folder: string, ownership: Ownership): Promise<string> {
  if (!(await create(folder)) && !(await isOwnedFolder(folder, ownership))) {
    return openOwnedFolder(innerFolder(folder), { isOurs: ownership.isOurs });
  }
  if (!(await isMarked(folder, ownership))) await writeFile(markerOf(folder, ownership), '', { flag: 'a' });
  return folder;
}

/** Where a foreign folder is not used itself. */
export function innerFolder(folder: string): string {
  return join(folder, 'imgwire');
}

/** Marked, or with our names only: earlier versions set no marker. */
export async function isOwnedFolder(folder: string, ownership: Ownership): Promise<boolean> {
  if (await isMarked(folder, ownership)) return true;
  return (await readdir(folder).catch(() => ['unknown'])).every(ownership.isOurs);
}

function isMarked(folder: string, ownership: Ownership): Promise<boolean> {
  return access(markerOf(folder, ownership)).then(
    () => true,
    () => false,
  );
}

const markerOf = (folder: string, { marker }: Ownership) => marker ?? join(folder, '.imgwire');

async function create(folder: string): Promise<boolean> {
  try {
    return await makeIfAbsent(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    // Not by `recursive`, which never returns in /proc.
    await create(dirname(folder));
    return makeIfAbsent(folder);
  }
}

/**
 * Another process may be faster.
 * @returns whether it was absent
 * @throws file system errors
 */
export async function makeIfAbsent(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}
