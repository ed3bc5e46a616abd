import type { Logger } from '../../log.ts';
import { branchesIn, type CacheFile, filesIn, removeFiles } from './disk-files.ts';

export interface DiskScan {
  /** Scans a branch before its turn. */
  branch(name: string): Promise<boolean>;
  /** Resolves at the end, with whether all files have been seen. */
  readonly done: Promise<boolean>;
  stop(): void;
}

/**
 * Goes through the files of earlier runs in the background, a branch at a time.
 * @param keep called with each; false removes it
 */
export function scanFiles(folder: string, keep: (file: CacheFile) => boolean, log: Logger): DiskScan {
  const scans = new Map<string, Promise<boolean>>();
  let isStopped = false;

  function branch(name: string): Promise<boolean> {
    const scan = scans.get(name) ?? scanBranch(name).catch(warn);
    scans.set(name, scan);
    return scan;
  }

  async function scanBranch(name: string): Promise<boolean> {
    const unwanted: CacheFile[] = [];
    for await (const file of filesIn(folder, name)) {
      if (isStopped) return false;
      if (!keep(file)) unwanted.push(file);
    }
    await removeFiles(folder, unwanted, log);
    return true;
  }

  async function scanAll(): Promise<boolean> {
    let hasSeenAll = true;
    for (const name of await branchesIn(folder)) hasSeenAll = !isStopped && (await branch(name)) && hasSeenAll;
    return hasSeenAll && !isStopped;
  }

  function warn(error: unknown): false {
    log.warn({ err: error }, 'cache folder cannot be read');
    return false;
  }

  return {
    branch,
    done: scanAll().catch(warn),
    stop() {
      isStopped = true;
    },
  };
}
