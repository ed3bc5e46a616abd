import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export type { Logger };

export interface LogOptions {
  /**
   * Lines are written many at a time, instead of each before the process goes on: a write for each
   * takes a quarter of the time of a 304. A process that is killed loses the last ones.
   */
  behind?: boolean;
}

/** Bytes of lines that are written at once, and the milliseconds that fewer of them wait. */
const batch = { sync: false, minLength: 8192, periodicFlush: 50 };

/**
 * The log of one process: JSON lines on standard output, or text where that is a terminal.
 * @param part the process that speaks, such as `gateway` or `worker`
 */
export function createLog(level: string, part: string, { behind = false }: LogOptions = {}): Logger {
  const options = { level, base: { part, pid: process.pid } };
  if (!process.stdout.isTTY)
    return pino(options, pino.destination({ dest: process.stdout.fd, ...(behind ? batch : { sync: true }) }));
  return pino(options, pretty({ sync: true, ignore: 'part,pid', messageFormat: '{part}: {msg}' }));
}
