import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../log.ts';
import { readCursor, writeCursor } from './saved-cursor.ts';

/** Hears of deletions from the shared store itself, whether or not the peers can be heard. */
export interface DeletionPoll {
  /** Forgets what was deleted while this node was away; does not wait for a store that is. */
  start(): Promise<void>;
  /** Asks at once. */
  hurry(): void;
  /** Whether the list of deletions was heard within the bound. */
  isFresh(): boolean;
  close(): Promise<void>;
}

export interface Deletions {
  deleted?: string[] | undefined;
  deletions_cursor?: string | undefined;
}

export interface DeletionPollOptions {
  /** Asks a worker for the deletions after a cursor; '' for all that are remembered. */
  ask(cursor: string): Promise<Deletions>;
  forget(imageId: string): Promise<void>;
  forgetAll(): Promise<void>;
  /** Of the disk cache, with the cursor of its last run; undefined without one. */
  folder: string | undefined;
  /** Names the store of the cursor. */
  store: string;
  log: Logger;
  pollMs?: number;
  boundMs?: number;
}

/** Longest time without the list of deletions in which the caches are used. */
export const deletionBoundMs = 30_000;
const intervalMs = 10_000;
const retryMs = 1000;

/** The store remembers deletions for 30 days, less a day for clocks that differ. */
const rememberedMs = 29 * 24 * 3_600_000;

/** The cursor on disk may be behind: then deletions are heard again. */
const saveEveryMs = 60_000;

export function createDeletionPoll(options: DeletionPollOptions): DeletionPoll {
  const { ask, forget, forgetAll, folder, store, log, pollMs = intervalMs, boundMs = deletionBoundMs } = options;
  const closing = new AbortController();
  let cursor = '';
  let freshUntil = Number.NEGATIVE_INFINITY;
  let savedAt = Number.NEGATIVE_INFINITY;
  let wakeUp = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let isDeaf = false;
  let isRestored = false;

  /** Whether the deletions since the last run can be asked for. */
  async function restore(): Promise<boolean> {
    const saved = folder === undefined ? undefined : await readCursor(folder);
    if (saved?.store !== store || Math.abs(Date.now() - saved.heardAt) > rememberedMs) return false;
    cursor = saved.cursor;
    return true;
  }

  async function poll(): Promise<void> {
    const askedAt = performance.now();
    const heard = new Set<string>();
    for (;;) {
      const { deleted = [], deletions_cursor: next } = await ask(cursor);
      if (next === undefined) {
        // Not a shared store.
        freshUntil = Number.POSITIVE_INFINITY;
        closing.abort();
        return;
      }
      if (!isRestored) {
        await forgetAll();
        isRestored = true;
      }
      // A page may repeat some of the one before.
      const news = deleted.filter((imageId) => !heard.has(imageId));
      for (const imageId of news) {
        heard.add(imageId);
        await forget(imageId);
      }
      cursor = next;
      if (news.length === 0) break;
    }
    freshUntil = askedAt + boundMs;
    if (heard.size > 0 || askedAt - savedAt > saveEveryMs) await save(askedAt);
  }

  async function save(askedAt: number): Promise<void> {
    savedAt = askedAt;
    if (folder === undefined) return;
    const heardAt = Date.now() - (performance.now() - askedAt);
    await writeCursor(folder, { store, cursor, heardAt }).catch((error) => {
      log.warn({ err: error }, 'cursor of deletions cannot be saved');
    });
  }

  function tell(): void {
    if (isDeaf === performance.now() > freshUntil) return;
    isDeaf = !isDeaf;
    if (isDeaf) log.warn('deletions not heard: caches are not used');
    else log.info('deletions heard again');
  }

  async function run(onTried: () => void): Promise<void> {
    while (!closing.signal.aborted) {
      wakeUp = new AbortController();
      const hasHeard = await poll().then(
        () => true,
        (error) => {
          log.debug({ err: error }, 'deletions cannot be asked for');
          return false;
        },
      );
      tell();
      onTried();
      const signal = AbortSignal.any([closing.signal, wakeUp.signal]);
      await delay(hasHeard ? pollMs : Math.min(retryMs, pollMs), undefined, { signal }).catch(() => {});
    }
  }

  return {
    async start() {
      isRestored = await restore();
      await new Promise<void>((resolve) => {
        running = run(resolve);
      });
    },
    hurry: () => wakeUp.abort(),
    isFresh: () => performance.now() < freshUntil,
    async close() {
      closing.abort();
      await running;
      if (Number.isFinite(freshUntil)) await save(freshUntil - boundMs);
    },
  };
}
