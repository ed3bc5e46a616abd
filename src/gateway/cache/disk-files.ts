import { opendir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../log.ts';
import type { ImageDependencies } from './dependency-index.ts';

/** A cached file, as described by its name. */
export interface CacheFile extends ImageDependencies {
  /** Of the result's key. */
  digest: string;
  bytes: number;
}

const shardName = /^[0-9a-f]{2}$/;
const fileName = /^([0-9a-f]{64})-([0-9a-f]{32})-(\d{1,15})(?:-([0-9a-f]{64}))?$/;

export const isShardName = (name: string) => shardName.test(name);

/** Directory entries per read: under a millisecond of event-loop time. */
const namesPerRead = 512;

const concurrentRemovals = 8;

/** Subfolder for all results of an image: the first two digits of its id. */
export const shardOf = (imageId: string) => imageId.slice(0, 2);

export function pathOf(folder: string, { imageId, digest, bytes, watermarkId }: CacheFile): string {
  const name = [imageId, digest, bytes, watermarkId].filter((part) => part !== undefined).join('-');
  return join(folder, shardOf(imageId), name);
}

export async function shardsIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter(isShardName);
}

/**
 * Lists the cached files of a shard; skips other names.
 * @throws file system errors, except for a shard that is missing or not a folder
 */
export async function* filesIn(folder: string, shard: string): AsyncGenerator<CacheFile> {
  const names = await opendir(join(folder, shard), { bufferSize: namesPerRead }).catch((error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  for await (const { name } of names) {
    const [, imageId = '', digest = '', bytes, watermarkId] = fileName.exec(name) ?? [];
    if (imageId.startsWith(shard)) yield { imageId, digest, bytes: Number(bytes), watermarkId };
  }
}

/** Removes files a few at a time, pulling from the iterable as it goes. Logs failures. */
export async function removeFiles(folder: string, files: Iterable<CacheFile>, log: Logger): Promise<void> {
  const rest = files[Symbol.iterator]();
  const removeNext = async () => {
    for (let step = rest.next(); !step.done; step = rest.next()) {
      await unlink(pathOf(folder, step.value)).catch((error) => {
        if (error.code !== 'ENOENT') log.warn({ err: error }, 'cache file cannot be removed');
      });
    }
  };
  await Promise.all(Array.from({ length: concurrentRemovals }, removeNext));
}
