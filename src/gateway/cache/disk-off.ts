import type { Logger } from '../../log.ts';
import { innerFolder, isOwnedFolder } from '../../owned-folder.ts';
import { openDrops } from './disk-drops.ts';
import { branchesIn } from './disk-files.ts';
import { cacheOwnership } from './disk-folder.ts';
import { type DiskScan, scanFiles } from './disk-scan.ts';
import { emptyCache } from './stats.ts';

/** Opens a cache that keeps nothing, and removes what was kept: it would outlive images that are deleted meanwhile. */
export async function openSwitchedOff(given: string, log: Logger) {
  const warn = (error: unknown) => log.warn({ err: error }, 'list of dropped results stays');
  const scans: DiskScan[] = [];
  const ends: Promise<void>[] = [];
  for (const folder of [given, innerFolder(given)]) {
    if (!(await isOwnedFolder(folder, cacheOwnership)) || (await branchesIn(folder)).length === 0) continue;
    const drops = await openDrops(folder);
    const written = drops.addAll();
    const scan = scanFiles(folder, () => false, log);
    await written.catch(() => scan.done);
    scans.push(scan);
    ends.push(scan.done.then((isComplete) => (isComplete ? drops.reset() : undefined)).catch(warn));
  }
  const loaded = Promise.all(ends).then(() => {});
  return {
    has: () => false,
    read: async () => undefined,
    write() {},
    forget: async () => {},
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
