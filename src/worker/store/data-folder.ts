import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openOwnedFolder } from '../../owned-folder.ts';
import { makeFolder, moveIfAbsent } from './durable.ts';
import { systemCode } from './errors.ts';
import { findTemporaryFolder, temporaryName, temporaryOwnership } from './temporary.ts';

/**
 * Makes the folders of the store, and tries them.
 * @param root of the images
 * @returns folder for temporary files
 * @throws Error that names the folders, and what was expected of them
 */
export function prepareDataFolder(dataDir: string, root: string): Promise<string> {
  return expectWritable(dataDir, async () => {
    await makeFolder(root);
    const temporary = await openOwnedFolder(join(dataDir, 'tmp'), temporaryOwnership(dataDir));
    await tryUpload(root, temporary);
    return temporary;
  });
}

/** Tries them as they are: a lost mount must not be made an empty store. */
export function tryDataFolder(dataDir: string, root: string): Promise<string> {
  return expectWritable(dataDir, async () => {
    const temporary = await findTemporaryFolder(dataDir);
    await tryUpload(root, temporary);
    return temporary;
  });
}

async function expectWritable(dataDir: string, open: () => Promise<string>): Promise<string> {
  try {
    return await open();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Expected a folder that can be written for the images but received ${dataDir}: ${reason}`, {
      cause,
    });
  }
}

/**
 * Takes the way of an upload, without its syncs: on a busy disk they would delay the start.
 * @throws Error for folders on two file systems; file system errors
 */
async function tryUpload(root: string, temporary: string): Promise<void> {
  const name = temporaryName();
  const [unfinished, stored] = [join(temporary, name), join(root, name)];
  const remove = () => Promise.all([unfinished, stored].map((path) => rm(path, { force: true })));
  try {
    await writeFile(unfinished, '', { flag: 'wx' });
    await moveIfAbsent(unfinished, stored);
  } catch (error) {
    await remove().catch(() => {});
    if (systemCode(error) !== 'EXDEV') throw error;
    throw new Error(`${root} and ${temporary} have to be on one file system, in one mount`, { cause: error });
  }
  await remove();
}
