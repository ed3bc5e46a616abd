import { isatty } from 'node:tty';
import { type Logger, pino } from 'pino';
import { isColorSupported, prettyFactory } from 'pino-pretty';
import { createOutput, type Output } from './output.ts';

export type { Logger };

export interface LogOptions {
  /** Milliseconds that lines wait for others, to be written together; 0, the default, writes each at once. */
  batchMs?: number;
}

/** Where the lines of a log go. */
export interface LogDestination {
  /** Takes lines of JSON. */
  write(lines: string): void;
  flushSync(): void;
  /** For text: standard error. */
  errors: Output;
}

/**
 * Creates the log of a process: JSON lines on standard output, or text where that is a terminal.
 * @param part `gateway` or `worker`
 */
export function createLog(level: string, part: string, { batchMs = 0 }: LogOptions = {}): Logger {
  const errors = createOutput({ fd: 2 });
  const output = createOutput({
    fd: 1,
    batchMs,
    complain: (message) => errors.write(`imgwire: ${message}\n`),
    onGap: (dropped) => log.warn({ dropped }, 'log lines dropped'),
  });
  const write = isatty(1) ? (lines: string) => output.write(asText(lines)) : output.write;
  const destination: LogDestination = { write, flushSync: output.flush, errors };
  const log = pino({ level, base: { part, pid: process.pid } }, destination);
  return log;
}

/** For lines of other processes. */
export function destinationOf(log: Logger): LogDestination {
  return (log as Logger & { [pino.symbols.streamSym]: LogDestination })[pino.symbols.streamSym];
}

const formatLine = prettyFactory({ colorize: isColorSupported, ignore: 'part,pid', messageFormat: '{part}: {msg}' });

function asText(lines: string): string {
  return lines
    .split(/(?<=\n)/)
    .map(formatLine)
    .join('');
}
