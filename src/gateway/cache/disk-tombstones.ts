import { appendFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageDependencies } from './dependency-index.ts';

/** File of image ids, or `everything`, one per line. */
const fileName = 'dropped';

const everything = '*';

/**
 * Opens the list of tombstones: images whose results were dropped and must not be found by a scan, in this run or a
 * later one, although their files may still exist.
 * @throws file system errors
 */
export async function openTombstones(folder: string) {
  const path = join(folder, fileName);
  const ids = new Set(await readLines(path));
  let lastChange: Promise<void> = Promise.resolve();
  /** Lines to append once the previous change is done. */
  let batch: { lines: string[]; written: Promise<void> } | undefined;

  function change(make: () => Promise<void>): Promise<void> {
    const changed = lastChange.then(make);
    lastChange = changed.catch(() => {});
    return changed;
  }

  function openBatch() {
    const lines: string[] = [];
    const written = change(() => {
      if (batch?.lines === lines) batch = undefined;
      return appendFile(path, lines.join(''));
    });
    return { lines, written };
  }

  function add(id: string): Promise<void> {
    ids.add(id);
    batch ??= openBatch();
    batch.lines.push(`${id}\n`);
    return batch.written;
  }

  return {
    /** Resolves once the tombstone survives a restart. */
    add,
    addAll: () => add(everything),
    hasAll: () => ids.has(everything),
    has: ({ imageId, watermarkId }: ImageDependencies) =>
      ids.size > 0 && (ids.has(everything) || ids.has(imageId) || (watermarkId !== undefined && ids.has(watermarkId))),
    /** Call only once the files are gone. */
    async clear(): Promise<void> {
      if (ids.size === 0) return;
      ids.clear();
      batch = undefined;
      await change(() => rm(path, { force: true }));
    },
  };
}

async function readLines(path: string): Promise<string[]> {
  try {
    return (await readFile(path, 'latin1')).split('\n').filter((line) => line !== '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
