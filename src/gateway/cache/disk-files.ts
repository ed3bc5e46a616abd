import { opendir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../log.ts';
import type { Dependence } from './dependents.ts';

/** A result on disk, by the name of its file. */
export interface CacheFile extends Dependence {
  /** Of the result's key. */
  digest: string;
  bytes: number;
}

const branchName = /^[0-9a-f]{2}$/;
const fileName = /^([0-9a-f]{64})-([0-9a-f]{32})-(\d{1,15})(?:-([0-9a-f]{64}))?$/;

export const isBranchName = (name: string) => branchName.test(name);

/** Names per read of a folder: less than a millisecond of the event loop. */
const namesAtOnce = 512;

const removedAtOnce = 8;

/** Folder of all results of an image. */
export const branchOf = (imageId: string) => imageId.slice(0, 2);

export function pathOf(folder: string, { imageId, digest, bytes, watermarkId }: CacheFile): string {
  const name = [imageId, digest, bytes, watermarkId].filter((part) => part !== undefined).join('-');
  return join(folder, branchOf(imageId), name);
}

export async function branchesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter(isBranchName);
}

/**
 * Leaves out whatever has another name.
 * @throws file system errors, but for what is gone or no folder
 */
export async function* filesIn(folder: string, branch: string): AsyncGenerator<CacheFile> {
  const names = await opendir(join(folder, branch), { bufferSize: namesAtOnce }).catch((error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  for await (const { name } of names) {
    const [, imageId = '', digest = '', bytes, watermarkId] = fileName.exec(name) ?? [];
    if (imageId.startsWith(branch)) yield { imageId, digest, bytes: Number(bytes), watermarkId };
  }
}

/** Removes a few at a time, which it asks for as it goes. Failures are logged. */
export async function removeFiles(folder: string, files: Iterable<CacheFile>, log: Logger): Promise<void> {
  const rest = files[Symbol.iterator]();
  const removeRest = async () => {
    for (let step = rest.next(); !step.done; step = rest.next()) {
      await unlink(pathOf(folder, step.value)).catch((error) => {
        if (error.code !== 'ENOENT') log.warn({ err: error }, 'cache file cannot be removed');
      });
    }
  };
  await Promise.all(Array.from({ length: removedAtOnce }, removeRest));
}
