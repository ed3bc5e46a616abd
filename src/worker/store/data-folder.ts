import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolderDurably, moveIfAbsent } from './durable.ts';
import { systemCode } from './errors.ts';
import { findTemporaryFolder, openTemporaryFolder, temporaryName } from './temporary.ts';

/**
 * Creates the folders of the store, and checks that they are writable.
 * @param root folder of the images
 * @returns folder for temporary files
 * @throws Error that names the folder and the problem
 */
export function prepareDataFolder(dataDir: string, root: string): Promise<string> {
  return expectWritable(dataDir, async () => {
    await makeFolderDurably(root);
    const temporary = await openTemporaryFolder(dataDir);
    await tryUpload(root, temporary);
    return temporary;
  });
}

/** Checks the folders without creating any: a lost mount must not become an empty store. */
export function checkDataFolder(dataDir: string, root: string): Promise<string> {
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
 * Writes and moves an empty file as an upload would, without syncs, which would delay the start on a busy disk.
 * @throws Error if the folders are on two file systems; file system errors
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
    throw new Error(`${root} and ${temporary} must be on one file system, in one mount`, { cause: error });
  }
  await remove();
}
