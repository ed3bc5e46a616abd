import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RequestError } from '../../contract/errors.ts';
import type { Logger } from '../../log.ts';
import { createIndexAppender } from './index-appender.ts';
import { hasHeader, timeOf, type Upload } from './index-lines.ts';
import { listNewest } from './list-newest.ts';
import { withLock } from './lock.ts';
import { createPacer } from './pacer.ts';
import { rebuildIndex } from './rebuild-index.ts';
import type { ListPage, StoredImage } from './store.ts';

export interface UploadIndexOptions {
  /** Folder of images and index. */
  root: string;
  /** New path on the same file system. */
  temporaryPath(): Promise<string>;
  ids(): AsyncIterable<string>;
  describe(imageId: string): Promise<StoredImage | undefined>;
  /** Longest time between index line and stored image. */
  inFlightMs: number;
  log: Logger;
}

/** The uploads in time order, in a file that all processes append to. */
export interface UploadIndex {
  /** Adds an image that is about to be stored. Never fails: the next check adds missing lines. */
  append(upload: Upload): Promise<void>;
  /** @throws RequestError `store_unavailable` during a rebuild, `invalid_request` for the cursor */
  list(options: { limit: number; cursor?: string }): Promise<ListPage>;
  close(): void;
}

const startWaitMs = 200;
const listWaitMs = 1000;
const pollMs = 20;

/** Minimum interval between rebuilds that remove lines of deleted images. */
const rebuildEveryMs = 600_000;

/**
 * Opens the index. Lines are written before their image and not synced: a line may lack its image and, after a power
 * loss, an image its line. Therefore one process checks the index in the background at start, and whenever it is
 * missing, damaged or full of deleted images. Only this check reads all names.
 */
export async function openUploadIndex(options: UploadIndexOptions): Promise<UploadIndex> {
  const { root, temporaryPath, describe, ids, inFlightMs, log } = options;
  const path = join(root, '.imgwire-uploads');
  const append = createIndexAppender(path);
  const stopping = new AbortController();
  let checking: Promise<boolean> | undefined;
  let lastForced = Number.NEGATIVE_INFINITY;

  /** @returns false if it failed */
  function check({ isForced }: { isForced: boolean }): Promise<boolean> {
    const { signal } = stopping;
    const rebuild = async () =>
      rebuildIndex({
        path,
        unfinished: await temporaryPath(),
        isForced,
        ids,
        inFlightMs,
        async storedAt(imageId) {
          const image = await describe(imageId);
          return image && timeOf(image);
        },
        pause: createPacer(signal),
      });
    checking ??= withLock(`${path}.lock`, rebuild)
      .then(() => true)
      .catch((error) => {
        if (!signal.aborted) log.warn({ err: error }, 'index of uploads cannot be checked');
        return false;
      })
      .finally(() => {
        checking = undefined;
      });
    return checking;
  }

  async function isReady(): Promise<boolean> {
    const file = await open(path, 'r').catch(() => undefined);
    try {
      return file !== undefined && (await hasHeader(file));
    } finally {
      await file?.close();
    }
  }

  async function waitUntilReady(waitMs: number): Promise<boolean> {
    const deadline = performance.now() + waitMs;
    while (!(await isReady())) {
      const remaining = deadline - performance.now();
      if (remaining <= 0 || stopping.signal.aborted) return false;
      // A check by another process may take longer; one that failed here would fail again, and fill the log.
      const isFailed = check({ isForced: false }).then((isDone) => (isDone ? delay(pollMs, false) : true));
      if (await Promise.race([isFailed, delay(remaining, false)])) return false;
    }
    return true;
  }

  if (await isReady()) void check({ isForced: false });
  else await waitUntilReady(startWaitMs);

  return {
    async append(upload) {
      try {
        await append(upload);
      } catch (error) {
        log.warn({ err: error }, 'upload cannot be added to the index');
      }
    },
    async list({ limit, cursor }) {
      if (!(await waitUntilReady(listWaitMs))) {
        throw new RequestError('store_unavailable', 'The index of uploads is being rebuilt; use order=id meanwhile');
      }
      const { page, isDamaged, isSparse } = await listNewest({ path, describe, limit, cursor });
      const isDue = performance.now() - lastForced > rebuildEveryMs;
      if (isSparse && isDue) {
        lastForced = performance.now();
        void check({ isForced: true });
      } else if (isDamaged) {
        void check({ isForced: false });
      }
      return page;
    },
    close: () => stopping.abort(),
  };
}
