/** Where the time of a request went, in milliseconds; whoever works on it adds to it. */
export interface Times {
  /** Waiting for a worker. */
  queue: number;
  /** With the worker. */
  work: number;
  /** Looking into the caches. */
  cache: number;
  /** Whether what was asked for was in a cache. */
  isHit: boolean;
}

export function noTimes(): Times {
  return { queue: 0, work: 0, cache: 0, isHit: false };
}

/** Adds the times of a part of the work. */
export function addTimes(to: Times | undefined, part: Times): void {
  if (to === undefined) return;
  to.queue += part.queue;
  to.work += part.work;
  to.cache += part.cache;
  to.isHit ||= part.isHit;
}
