import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What is ours in a folder. */
export interface Ownership {
  /** Whether we give such names. */
  isOurs: (name: string) => boolean;
  /** File whose presence says that we made the folder; `.imgwire` within it by default. */
  marker?: string;
}

/**
 * Opens a folder in which files may be removed: the given one, or `imgwire` within it where the given one is not ours,
 * such as /var/tmp or /var/cache. Its parent has to exist.
 * @throws Error of the file system
 */
export async function openOwnedFolder(folder: string, ownership: Ownership): Promise<string> {
  if (!(await create(folder)) && !(await isOwnedFolder(folder, ownership))) {
    return openOwnedFolder(innerFolder(folder), { isOurs: ownership.isOurs });
  }
  await writeFile(markerOf(folder, ownership), '', { flag: 'a' });
  return folder;
}

/** Where `openOwnedFolder` goes if a folder is not ours. */
export function innerFolder(folder: string): string {
  return join(folder, 'imgwire');
}

/** Whether a folder is marked, or holds only names of ours: earlier versions set no marker. */
export async function isOwnedFolder(folder: string, ownership: Ownership): Promise<boolean> {
  try {
    await access(markerOf(folder, ownership));
    return true;
  } catch {
    return (await readdir(folder).catch(() => ['unknown'])).every(ownership.isOurs);
  }
}

const markerOf = (folder: string, { marker }: Ownership) => marker ?? join(folder, '.imgwire');

async function create(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
