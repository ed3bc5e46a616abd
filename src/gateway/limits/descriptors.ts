import { readFileSync } from 'node:fs';
import type { Config } from '../../config.ts';
import type { Logger } from '../../log.ts';

/** Of a gateway at rest, and for each of its workers: their sockets and pipes; counted in /proc/self/fd. */
const atRest = 40;
const perWorker = 23;

/** Connections that find no descriptor are closed by libuv, without a word. */
export function warnOfFewDescriptors(
  { httpConnections, zmqConnections, workers }: Pick<Config, 'httpConnections' | 'zmqConnections' | 'workers'>,
  log: Logger,
): void {
  const needed = httpConnections + zmqConnections + atRest + perWorker * workers;
  const limit = limitOfSystem();
  if (limit < needed) log.warn({ limit, needed }, 'fewer file descriptors than connections need');
}

/** Node.js has raised it as far as it may. */
function limitOfSystem(): number {
  try {
    const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
