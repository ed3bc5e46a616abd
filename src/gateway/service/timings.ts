import type { JobTimings } from '../dispatch/job.ts';

/** Where the time of a request went, in milliseconds; whoever works on the request adds to it. */
export interface Timings extends JobTimings {
  cache: number;
  /** Whether the result was in a cache. */
  isHit: boolean;
}

export function createTimings(): Timings {
  return { queue: 0, work: 0, cache: 0, isHit: false };
}

export function addTimings(to: Timings, part: Timings): void {
  to.queue += part.queue;
  to.work += part.work;
  to.cache += part.cache;
  to.isHit ||= part.isHit;
}
