import type { Weight } from '../../contract/operations.ts';
import type { Door, QueuedJob } from './job.ts';
import type { Host, Pool } from './pool.ts';

/**
 * Queue of jobs that may have crashed a worker. Each runs alone on one, so that no other job can be blamed if
 * it crashes again.
 */
export interface Suspects {
  /** @returns false if as many of the same door and weight are waiting as the limit allows */
  push(job: QueuedJob): boolean;
  /** Queues a retry, regardless of the limit. */
  pushRetry(job: QueuedJob): void;
  /**
   * Takes the next suspect and the worker to run it on. One worker at a time is reserved for suspects, and gets no
   * other jobs until they have run.
   * @returns undefined without suspects or workers, or while the reserved worker has jobs in flight
   */
  shift(): { host: Host; job: QueuedJob } | undefined;
  delete(job: QueuedJob): void;
  size(weight: Weight): number;
}

/** @param limit maximum waiting suspects per door and weight */
export function createSuspects(pool: Pool, limit: number): Suspects {
  const waiting = new Set<QueuedJob>();

  const count = (matches: (job: QueuedJob) => boolean) => [...waiting].filter(matches).length;

  const isFull = (door: Door, weight: Weight) =>
    count((other) => other.door === door && other.weight === weight) >= limit;

  function pushRetry(job: QueuedJob): void {
    job.isSuspect = true;
    waiting.add(job);
  }

  return {
    push(job) {
      if (isFull(job.door, job.weight)) return false;
      pushRetry(job);
      return true;
    },
    pushRetry,
    shift() {
      const [job] = waiting;
      const reserved = pool.isolated();
      if (job === undefined) {
        if (reserved?.inFlight.size === 0) reserved.isolated = false;
        return undefined;
      }
      const host = reserved ?? pool.leastBusyWorker();
      if (host === undefined) return undefined;
      host.isolated = true;
      if (host.inFlight.size > 0) return undefined;
      waiting.delete(job);
      return { host, job };
    },
    delete: (job) => void waiting.delete(job),
    size: (weight) => count((job) => job.weight === weight),
  };
}
