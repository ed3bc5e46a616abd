import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Creates a folder with its missing parents, also if another process creates them first. `mkdir` with `recursive` never
 * returns if a parent fails with ENOENT, as in /proc.
 * @param onCreated called after each folder that was absent
 * @returns whether the folder itself was absent
 * @throws file system errors
 */
export async function makeFolder(
  path: string,
  onCreated: (path: string) => Promise<void> = async () => {},
): Promise<boolean> {
  let wasAbsent: boolean;
  try {
    wasAbsent = await makeIfAbsent(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await makeFolder(dirname(path), onCreated);
    wasAbsent = await makeIfAbsent(path);
  }
  if (wasAbsent) await onCreated(path);
  return wasAbsent;
}

/**
 * Creates a folder unless it exists, also if another process creates it first.
 * @returns whether it was absent
 * @throws file system errors
 */
export async function makeIfAbsent(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}
