import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export type { Logger };

/**
 * The log of one process: JSON lines on standard output, or text where that is a terminal.
 * @param part the process that speaks, such as `gateway` or `worker`
 */
export function createLog(level: string, part: string): Logger {
  const options = { level, base: { part, pid: process.pid } };
  if (!process.stdout.isTTY) return pino(options);
  return pino(options, pretty({ sync: true, ignore: 'part,pid', messageFormat: '{part}: {msg}' }));
}
