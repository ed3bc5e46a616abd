import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export type { Logger };

export interface LogOptions {
  /**
   * Lines are written while others are being made, many at a time, instead of each before the process goes on:
   * a tenth of what a result from memory costs. A process that is killed loses the last ones.
   */
  behind?: boolean;
}

/**
 * The log of one process: JSON lines on standard output, or text where that is a terminal.
 * @param part the process that speaks, such as `gateway` or `worker`
 */
export function createLog(level: string, part: string, { behind = false }: LogOptions = {}): Logger {
  const options = { level, base: { part, pid: process.pid } };
  if (!process.stdout.isTTY) return pino(options, pino.destination({ dest: process.stdout.fd, sync: !behind }));
  return pino(options, pretty({ sync: true, ignore: 'part,pid', messageFormat: '{part}: {msg}' }));
}
