import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../log.ts';
import type { PurgeRequest } from './purge-request.ts';

/** Tells a shared cache, such as a CDN, of images that were deleted. */
export interface Purger {
  /** In the background, again and again until the cache has taken it. */
  purge(imageId: string): void;
  stats(): Readonly<PurgeStats>;
  /** Tries once more what waits, for a few seconds; logs what has failed. */
  close(): Promise<void>;
}

export interface PurgeStats {
  waiting: number;
  /** In all. */
  done: number;
  failed: number;
}

export interface PurgerOptions {
  request: PurgeRequest;
  log: Logger;
  /** Milliseconds before the first retry; each later one waits twice as long as the one before. */
  firstRetryMs?: number;
  /** Milliseconds after which a deletion is purged once more, as other nodes may fill the cache until then; default: never. */
  againMs?: number | undefined;
}

const atOnce = 8;
/** Ids of 64 characters, so some megabytes. */
const mostWaiting = 10_000;
/** With pauses of 1 s to 256 s, about nine minutes in all. */
const maxTries = 10;
const attemptMs = 10_000;
const closeMs = 5_000;

export function createPurger({ request, log, firstRetryMs = 1000, againMs }: PurgerOptions): Purger {
  const waiting = new Set<string>();
  const closing = new AbortController();
  const running = new Set<string>();
  const later = new Map<string, NodeJS.Timeout>();
  let done = 0;
  let failed = 0;
  let finished = () => {};

  function fail(imageId: string, reason: string): void {
    failed += 1;
    log.error({ image_id: imageId, reason }, 'deleted image not purged');
  }

  async function run(imageId: string): Promise<void> {
    let reason = '';
    for (let turn = 0; turn < maxTries; turn += 1) {
      if (turn > 0) {
        if (closing.signal.aborted) break;
        await delay(firstRetryMs * 2 ** (turn - 1), undefined, { signal: closing.signal }).catch(() => {});
      }
      reason = await attempt(imageId);
      if (reason === '') {
        done += 1;
        return;
      }
    }
    fail(imageId, reason);
  }

  /** @returns why it failed, or nothing */
  async function attempt(imageId: string): Promise<string> {
    const { url, method, headers, body } = request(imageId);
    try {
      const signal = AbortSignal.timeout(closing.signal.aborted ? closeMs : attemptMs);
      // A purge that is sent elsewhere has not happened here.
      const response = await fetch(url, { method, headers, body, signal, redirect: 'manual' });
      await response.body?.cancel();
      return response.ok ? '' : `status ${response.status}`;
    } catch (error) {
      const { message, cause } = error as Error;
      return cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : message;
    }
  }

  function next(): void {
    // One that is deleted again meanwhile has its turn after this one.
    const imageId = firstOf(waiting, (one) => !running.has(one));
    if (imageId === undefined || running.size >= atOnce) return;
    waiting.delete(imageId);
    running.add(imageId);
    void run(imageId).finally(() => {
      running.delete(imageId);
      if (running.size === 0 && waiting.size === 0) finished();
      next();
    });
  }

  function add(imageId: string): void {
    if (waiting.size >= mostWaiting) fail(imageId, `${mostWaiting} others wait`);
    else waiting.add(imageId);
    next();
  }

  function addLater(imageId: string): void {
    clearTimeout(later.get(imageId));
    later.delete(imageId);
    // The oldest early rather than not at all.
    const [oldest] = later.keys();
    if (oldest !== undefined && later.size >= mostWaiting) addNow(oldest);
    later.set(
      imageId,
      setTimeout(() => addNow(imageId), againMs),
    );
  }

  function addNow(imageId: string): void {
    clearTimeout(later.get(imageId));
    later.delete(imageId);
    add(imageId);
  }

  return {
    purge(imageId) {
      add(imageId);
      if (againMs !== undefined) addLater(imageId);
    },
    stats: () => ({ waiting: waiting.size + running.size + later.size, done, failed }),
    async close() {
      closing.abort();
      for (const imageId of later.keys()) addNow(imageId);
      if (running.size === 0) return;
      const idle = new Promise<void>((resolve) => {
        finished = resolve;
      });
      await Promise.race([idle, delay(closeMs, undefined, { ref: false })]);
      for (const imageId of [...running, ...waiting]) fail(imageId, 'the service ends');
    },
  };
}

function firstOf(ids: Iterable<string>, fits: (id: string) => boolean): string | undefined {
  for (const id of ids) if (fits(id)) return id;
  return undefined;
}
