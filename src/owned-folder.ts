import { access, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from './make-folder.ts';

export interface Ownership {
  /** Whether a file name is one of ours. */
  isOurs: (name: string) => boolean;
  /** Path of the file that marks the folder as ours; default `.imgwire` in it. */
  marker?: string;
}

/**
 * Opens a folder in which files may be removed: the given one if it is ours, else (such as /var/tmp) `imgwire` inside
 * it. Creates what is missing, and writes nothing if nothing is.
 * @throws file system errors
 */
export async function openOwnedFolder(folder: string, ownership: Ownership): Promise<string> {
  if (!(await makeFolder(folder)) && !(await isOwnedFolder(folder, ownership))) {
    return openOwnedFolder(innerFolder(folder), { isOurs: ownership.isOurs });
  }
  if (!(await isMarked(folder, ownership))) await writeFile(markerOf(folder, ownership), '', { flag: 'a' });
  return folder;
}

/** The folder used inside one that is not ours. */
export function innerFolder(folder: string): string {
  return join(folder, 'imgwire');
}

/** Whether it is marked, or holds only our names: earlier versions set no marker. */
export async function isOwnedFolder(folder: string, ownership: Ownership): Promise<boolean> {
  // Listed before the marker is looked for: another process may mark the empty folder in between.
  const names = await readdir(folder).catch(() => ['unknown']);
  return names.every(ownership.isOurs) || isMarked(folder, ownership);
}

function isMarked(folder: string, ownership: Ownership): Promise<boolean> {
  return access(markerOf(folder, ownership)).then(
    () => true,
    () => false,
  );
}

const markerOf = (folder: string, { marker }: Ownership) => marker ?? join(folder, '.imgwire');
