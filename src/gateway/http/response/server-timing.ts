import type { Timings } from '../../service/timings.ts';

/**
 * Formats the header Server-Timing (https://www.w3.org/TR/server-timing/).
 * @param total milliseconds since the request arrived
 */
export function serverTiming({ queue, work, cache, isHit }: Timings, total: number): string {
  const found = isHit ? 'hit' : 'miss';
  return `queue;dur=${tenths(queue)}, work;dur=${tenths(work)}, cache;desc=${found};dur=${tenths(cache)}, app;dur=${tenths(total)}`;
}

/** Most are zero, and formatting takes longer than the comparison. */
const tenths = (milliseconds: number) => (milliseconds === 0 ? '0.0' : milliseconds.toFixed(1));
