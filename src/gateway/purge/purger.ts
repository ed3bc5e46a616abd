import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../log.ts';
import type { PurgeRequestBuilder } from './purge-request.ts';

/** Purges deleted images from a shared cache, such as a CDN. */
export interface Purger {
  /** Queues a purge, which is retried in the background until the cache accepts it or the attempts run out. */
  purge(imageId: string): void;
  stats(): Readonly<PurgeStats>;
  /** Tries everything pending one last time, for at most a few seconds, and logs what failed. */
  close(): Promise<void>;
}

export interface PurgeStats {
  waiting: number;
  /** Totals since the start. */
  done: number;
  failed: number;
}

export interface PurgerOptions {
  buildRequest: PurgeRequestBuilder;
  log: Logger;
  /** Delay before the first retry, in milliseconds; doubles with each further one. Default 1000. */
  firstRetryMs?: number;
  /** Milliseconds until a purge is repeated, as other nodes may refill the cache until then. Default: never. */
  repeatAfterMs?: number | undefined;
}

const maxConcurrent = 8;
/** Some megabytes of 64-character ids. */
const maxQueued = 10_000;
/** About nine minutes with pauses of 1 s to 256 s. */
const maxAttempts = 10;
const attemptTimeoutMs = 10_000;
const closeTimeoutMs = 5_000;

/** Creates a purger, which retries failed purges with exponential backoff and logs those that fail for good. */
export function createPurger({ buildRequest, log, firstRetryMs = 1000, repeatAfterMs }: PurgerOptions): Purger {
  const queued = new Set<string>();
  const closing = new AbortController();
  const running = new Set<string>();
  const repeatTimers = new Map<string, NodeJS.Timeout>();
  let done = 0;
  let failed = 0;
  let onIdle = () => {};

  function fail(imageId: string, reason: string): void {
    failed += 1;
    log.error({ image_id: imageId, reason }, 'deleted image not purged');
  }

  async function run(imageId: string): Promise<void> {
    let reason = '';
    for (let attemptNumber = 0; attemptNumber < maxAttempts; attemptNumber += 1) {
      if (attemptNumber > 0) {
        if (closing.signal.aborted) break;
        await delay(firstRetryMs * 2 ** (attemptNumber - 1), undefined, { signal: closing.signal }).catch(() => {});
      }
      reason = await attempt(imageId);
      if (reason === '') {
        done += 1;
        return;
      }
    }
    fail(imageId, reason);
  }

  /** @returns the reason for a failure, empty on success */
  async function attempt(imageId: string): Promise<string> {
    const { url, method, headers, body } = buildRequest(imageId);
    try {
      const signal = AbortSignal.timeout(closing.signal.aborted ? closeTimeoutMs : attemptTimeoutMs);
      // A redirected purge has not purged this cache.
      const response = await fetch(url, { method, headers, body, signal, redirect: 'manual' });
      await response.body?.cancel();
      return response.ok ? '' : `status ${response.status}`;
    } catch (error) {
      const { message, cause } = error as Error;
      return cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : message;
    }
  }

  function startNext(): void {
    // An image deleted again while its purge is running waits for that purge to end.
    const imageId = find(queued, (id) => !running.has(id));
    if (imageId === undefined || running.size >= maxConcurrent) return;
    queued.delete(imageId);
    running.add(imageId);
    void run(imageId).finally(() => {
      running.delete(imageId);
      if (running.size === 0 && queued.size === 0) onIdle();
      startNext();
    });
  }

  function enqueue(imageId: string): void {
    if (queued.size >= maxQueued) fail(imageId, `the queue is full (${maxQueued})`);
    else queued.add(imageId);
    startNext();
  }

  function scheduleRepeat(imageId: string): void {
    clearTimeout(repeatTimers.get(imageId));
    repeatTimers.delete(imageId);
    // At the limit, repeat the oldest early instead of dropping it.
    const [oldest] = repeatTimers.keys();
    if (oldest !== undefined && repeatTimers.size >= maxQueued) repeatNow(oldest);
    repeatTimers.set(
      imageId,
      setTimeout(() => repeatNow(imageId), repeatAfterMs),
    );
  }

  function repeatNow(imageId: string): void {
    clearTimeout(repeatTimers.get(imageId));
    repeatTimers.delete(imageId);
    enqueue(imageId);
  }

  return {
    purge(imageId) {
      enqueue(imageId);
      if (repeatAfterMs !== undefined) scheduleRepeat(imageId);
    },
    stats: () => ({ waiting: queued.size + running.size + repeatTimers.size, done, failed }),
    async close() {
      closing.abort();
      for (const imageId of repeatTimers.keys()) repeatNow(imageId);
      if (running.size === 0) return;
      const idle = new Promise<void>((resolve) => {
        onIdle = resolve;
      });
      await Promise.race([idle, delay(closeTimeoutMs, undefined, { ref: false })]);
      for (const imageId of [...running, ...queued]) fail(imageId, 'the service is shutting down');
    },
  };
}

function find(ids: Iterable<string>, fits: (id: string) => boolean): string | undefined {
  for (const id of ids) if (fits(id)) return id;
  return undefined;
}
