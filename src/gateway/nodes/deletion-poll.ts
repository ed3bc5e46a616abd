import { setImmediate as otherWork } from 'node:timers/promises';
import type { Logger } from '../../log.ts';
import { readCursor, writeCursor } from './saved-cursor.ts';

/** Hears of deletions from the shared store itself, whether or not the peers can be heard. */
export interface DeletionPoll {
  /** Forgets what was deleted while this node was away; does not wait for a store that is. */
  start(): Promise<void>;
  /** Asks at once. */
  hurry(): void;
  /** Whether the list of deletions was heard within the bound. */
  isFresh(now?: number): boolean;
  close(): Promise<void>;
}

export interface Deletions {
  deleted?: string[] | undefined;
  deletions_cursor?: string | undefined;
}

export interface DeletionPollOptions {
  /** Asks a worker for the deletions after a cursor, some of them again; '' for all that are remembered. */
  ask(cursor: string): Promise<Deletions>;
  invalidate(imageId: string): Promise<void>;
  invalidateAll(): Promise<void>;
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

/** Between other work: a node that was away may hear of 100,000. */
const forgottenAtOnce = 200;

export function createDeletionPoll(options: DeletionPollOptions): DeletionPoll {
  const {
    ask,
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
  let isHurried = false;
  let wakeUp = () => {};
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
    const { deleted = [], deletions_cursor: next } = await ask(cursor);
    if (next === undefined) throw new Error('Expected a cursor of deletions but the worker sent none');
    if (isRestored) await forgetEach(deleted);
    else await invalidateAll();
    isRestored = true;
    cursor = next;
    freshUntil = askedAt + boundMs;
    if (askedAt - savedAt > saveEveryMs) await save(askedAt);
  }

  async function forgetEach(deleted: readonly string[]): Promise<void> {
    for (let at = 0; at < deleted.length; at += forgottenAtOnce) {
      await Promise.all(deleted.slice(at, at + forgottenAtOnce).map(invalidate));
      await otherWork();
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

  function tell(): void {
    if (isDeaf === performance.now() > freshUntil) return;
    isDeaf = !isDeaf;
    if (isDeaf) log.warn('deletions not heard: caches are not used');
    else log.info('deletions heard again');
  }

  async function run(onTried: () => void): Promise<void> {
    while (!isClosing) {
      isHurried = false;
      const hasHeard = await poll().then(
        () => true,
        (error) => {
          log.debug({ err: error }, 'deletions cannot be asked for');
          return false;
        },
      );
      tell();
      onTried();
      if (!isHurried && !isClosing) await sleep(hasHeard ? pollMs : Math.min(retryMs, pollMs));
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
    hurry() {
      isHurried = true;
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
