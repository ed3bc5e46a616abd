import type { Logger } from '../../log.ts';
import { innerFolder, isOwnedFolder } from '../../owned-folder.ts';
import { shardsIn } from './disk-files.ts';
import { cacheOwnership } from './disk-folder.ts';
import { type DiskScan, scanFiles } from './disk-scan.ts';
import { openTombstones } from './disk-tombstones.ts';
import { emptyCache } from './stats.ts';

/**
 * Opens a disabled disk cache. Removes files of earlier runs: once the cache is enabled again, they would outlive
 * images deleted in the meantime.
 */
export async function openDisabledDiskCache(requestedFolder: string, log: Logger) {
  const warn = (error: unknown) => log.warn({ err: error }, 'list of dropped results cannot be removed');
  const scans: DiskScan[] = [];
  const cleanups: Promise<void>[] = [];
  for (const folder of [requestedFolder, innerFolder(requestedFolder)]) {
    if (!(await isOwnedFolder(folder, cacheOwnership)) || (await shardsIn(folder)).length === 0) continue;
    const tombstones = await openTombstones(folder);
    const written = tombstones.addAll();
    const scan = scanFiles(folder, () => false, log);
    await written.catch(() => scan.done);
    scans.push(scan);
    cleanups.push(scan.done.then((isComplete) => (isComplete ? tombstones.clear() : undefined)).catch(warn));
  }
  const loaded = Promise.all(cleanups).then(() => {});
  return {
    has: () => false,
    read: async () => undefined,
    write() {},
    invalidate: async () => {},
    clear: async () => {},
    folder: undefined,
    loaded,
    stats: () => emptyCache,
    async close() {
      for (const scan of scans) scan.stop();
      await loaded;
    },
  };
}
