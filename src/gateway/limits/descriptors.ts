import { readFileSync } from 'node:fs';
import type { Config } from '../../config.ts';
import type { Logger } from '../../log.ts';

/** Descriptors of an idle gateway, and per worker for its sockets and pipes; counted in /proc/self/fd. */
const idleDescriptors = 40;
const descriptorsPerWorker = 23;

/** Warns if the open-files limit is below what all connections need: past it, libuv closes new ones silently. */
export function warnIfFewDescriptors(
  { httpConnections, zmqConnections, workers }: Pick<Config, 'httpConnections' | 'zmqConnections' | 'workers'>,
  log: Logger,
): void {
  const needed = httpConnections + zmqConnections + idleDescriptors + descriptorsPerWorker * workers;
  const limit = openFilesLimit();
  if (limit < needed) log.warn({ limit, needed }, 'fewer file descriptors than connections need');
}

/** The soft limit; Node.js raises it to the hard limit at startup. */
function openFilesLimit(): number {
  try {
    const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
