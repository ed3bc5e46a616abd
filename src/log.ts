import { type Logger, pino } from 'pino';

export type { Logger };

/**
 * The log of one process: JSON lines on standard output, or text where that is a terminal.
 * @param part the process that speaks, such as `gateway` or `worker`
 */
export function createLog(level: string, part: string): Logger {
  const options = { level, base: { part, pid: process.pid } };
  if (!process.stdout.isTTY) return pino(options);
  return pino({
    ...options,
    transport: { target: 'pino-pretty', options: { ignore: 'hostname,part,pid', messageFormat: '{part} {msg}' } },
  });
}
