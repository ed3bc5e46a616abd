import type { Times } from '../times.ts';

/**
 * The header Server-Timing (https://www.w3.org/TR/server-timing/).
 * @param total milliseconds since the request came
 */
export function serverTiming({ queue, work, cache, isHit }: Times, total: number): string {
  const found = isHit ? 'hit' : 'miss';
  return `queue;dur=${tenths(queue)}, work;dur=${tenths(work)}, cache;desc=${found};dur=${tenths(cache)}, app;dur=${tenths(total)}`;
}

/** Most times are none, and to write a number takes longer than to look. */
const tenths = (milliseconds: number) => (milliseconds === 0 ? '0.0' : milliseconds.toFixed(1));
