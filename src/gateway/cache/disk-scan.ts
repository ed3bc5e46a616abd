import type { Logger } from '../../log.ts';
import { type CacheFile, filesIn, removeFiles, shardsIn } from './disk-files.ts';

export interface DiskScan {
  /** Scans a shard ahead of its turn. */
  scanShard(name: string): Promise<boolean>;
  /** Resolves with whether every file was seen. */
  readonly done: Promise<boolean>;
  stop(): void;
}

/**
 * Scans the files of earlier runs in the background, one shard at a time.
 * @param shouldKeep called for each file; false removes it
 */
export function scanFiles(folder: string, shouldKeep: (file: CacheFile) => boolean, log: Logger): DiskScan {
  const scans = new Map<string, Promise<boolean>>();
  let isStopped = false;

  function scanShard(name: string): Promise<boolean> {
    const scan = scans.get(name) ?? readShard(name).catch(warn);
    scans.set(name, scan);
    return scan;
  }

  async function readShard(name: string): Promise<boolean> {
    const rejected: CacheFile[] = [];
    for await (const file of filesIn(folder, name)) {
      if (isStopped) return false;
      if (!shouldKeep(file)) rejected.push(file);
    }
    await removeFiles(folder, rejected, log);
    return true;
  }

  async function scanAll(): Promise<boolean> {
    let isComplete = true;
    for (const name of await shardsIn(folder)) isComplete = !isStopped && (await scanShard(name)) && isComplete;
    return isComplete && !isStopped;
  }

  function warn(error: unknown): false {
    log.warn({ err: error }, 'cache folder cannot be read');
    return false;
  }

  return {
    scanShard,
    done: scanAll().catch(warn),
    stop() {
      isStopped = true;
    },
  };
}
