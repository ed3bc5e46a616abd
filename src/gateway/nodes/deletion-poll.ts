import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from '../../log.ts';
import { readCursor, writeCursor } from './saved-cursor.ts';

/** Polls the shared store for deletions, independently of the peers. */
export interface DeletionPoll {
  /**
   * Starts polling. The first poll applies the deletions made while this node was down. Resolves once it has succeeded
   * or failed, so an unavailable store is not waited for.
   */
  start(): Promise<void>;
  /** Polls without waiting for the interval. */
  pollNow(): void;
  /** Whether the last successful poll began within the bound. */
  isFresh(now?: number): boolean;
  close(): Promise<void>;
}

export interface Deletions {
  deleted?: string[] | undefined;
  deletions_cursor?: string | undefined;
}

export interface DeletionPollOptions {
  /** Fetches the deletions after a cursor from a worker, which may repeat some; '' for all that the store retains. */
  fetchDeletions(cursor: string): Promise<Deletions>;
  invalidate(imageId: string): Promise<void>;
  invalidateAll(): Promise<void>;
  /** Folder of the disk cache, which also holds the cursor of the last run; undefined without one. */
  folder: string | undefined;
  /** Identifies the store that the cursor belongs to. */
  store: string;
  log: Logger;
  pollMs?: number;
  boundMs?: number;
}

/** How long the caches may be used without a successful poll. */
export const deletionBoundMs = 30_000;
const intervalMs = 10_000;
const retryMs = 1000;

/** The store retains deletions for 30 days; minus one day for clock skew. */
const retentionMs = 29 * 24 * 3_600_000;

/** The cursor on disk may lag behind: deletions are then merely applied again. */
const saveEveryMs = 60_000;

/** Batched, yielding to the event loop between: after downtime there may be 100,000. */
const invalidationBatch = 200;

/** Creates a poll at a fixed interval, with a shorter one after failures. */
export function createDeletionPoll(options: DeletionPollOptions): DeletionPoll {
  const {
    fetchDeletions,
    invalidate,
    invalidateAll,
    folder,
    store,
    log,
    pollMs = intervalMs,
    boundMs = deletionBoundMs,
  } = options;
  let cursor = '';
  let freshUntil = Number.NEGATIVE_INFINITY;
  let savedAt = Number.NEGATIVE_INFINITY;
  let isClosing = false;
  let isPollRequested = false;
  let wakeUp = () => {};
  let running: Promise<void> = Promise.resolve();
  let isStale = false;
  let isRestored = false;

  /** Loads the cursor of the last run; false if deletions since then may be unknown. */
  async function restore(): Promise<boolean> {
    const saved = folder === undefined ? undefined : await readCursor(folder);
    if (saved?.store !== store || Math.abs(Date.now() - saved.heardAt) > retentionMs) return false;
    cursor = saved.cursor;
    return true;
  }

  async function poll(): Promise<void> {
    const askedAt = performance.now();
    const { deleted = [], deletions_cursor: next } = await fetchDeletions(cursor);
    if (next === undefined) throw new Error('Expected a cursor of deletions but the worker sent none');
    if (isRestored) await invalidateEach(deleted);
    else await invalidateAll();
    isRestored = true;
    cursor = next;
    freshUntil = askedAt + boundMs;
    if (askedAt - savedAt > saveEveryMs) await save(askedAt);
  }

  async function invalidateEach(deleted: readonly string[]): Promise<void> {
    for (let at = 0; at < deleted.length; at += invalidationBatch) {
      await Promise.all(deleted.slice(at, at + invalidationBatch).map(invalidate));
      await nextTurn();
    }
  }

  async function save(askedAt: number): Promise<void> {
    savedAt = askedAt;
    if (folder === undefined) return;
    const heardAt = Date.now() - (performance.now() - askedAt);
    await writeCursor(folder, { store, cursor, heardAt }).catch((error) => {
      log.warn({ err: error }, 'cursor of deletions cannot be saved');
    });
  }

  function logFreshness(): void {
    if (isStale === performance.now() > freshUntil) return;
    isStale = !isStale;
    if (isStale) log.warn('deletions not heard: caches are not used');
    else log.info('deletions heard again');
  }

  async function run(onAttempt: () => void): Promise<void> {
    while (!isClosing) {
      isPollRequested = false;
      const hasSucceeded = await poll().then(
        () => true,
        (error) => {
          log.debug({ err: error }, 'deletions cannot be fetched');
          return false;
        },
      );
      logFreshness();
      onAttempt();
      if (!isPollRequested && !isClosing) await sleep(hasSucceeded ? pollMs : Math.min(retryMs, pollMs));
    }
  }

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  return {
    async start() {
      isRestored = await restore();
      await new Promise<void>((resolve) => {
        running = run(resolve);
      });
    },
    pollNow() {
      isPollRequested = true;
      wakeUp();
    },
    isFresh: (now = performance.now()) => now < freshUntil,
    async close() {
      isClosing = true;
      wakeUp();
      await running;
      if (Number.isFinite(freshUntil)) await save(freshUntil - boundMs);
    },
  };
}
