import { appendFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dependence } from './dependents.ts';

/** Name of the file with the ids of images, or `everything`, a line each. */
const fileName = 'dropped';

const everything = '*';

/**
 * Opens the list of what must not be found again, although its files may still be there.
 * @throws file system errors
 */
export async function openDrops(folder: string) {
  const path = join(folder, fileName);
  const ids = new Set(await readLines(path));
  let lastChange: Promise<void> = Promise.resolve();
  /** Lines that wait for the change before. */
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
    /** Resolves once it is remembered after a restart, too. */
    add,
    addAll: () => add(everything),
    hasAll: () => ids.has(everything),
    has: ({ imageId, watermarkId }: Dependence) =>
      ids.size > 0 && (ids.has(everything) || ids.has(imageId) || (watermarkId !== undefined && ids.has(watermarkId))),
    /** Call once the files are gone. */
    async reset(): Promise<void> {
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
