import { isatty } from 'node:tty';
import { type Logger, pino } from 'pino';
import { isColorSupported, prettyFactory } from 'pino-pretty';
import { createOutput, type Output } from './output.ts';

export type { Logger };

export interface LogOptions {
  /** Milliseconds to batch lines before a write; 0, the default, writes each line at once. */
  batchMs?: number;
}

/** The stream that a log writes to. */
export interface LogDestination {
  /** Writes JSON lines. */
  write(lines: string): void;
  flushSync(): void;
  /** Standard error, for plain text. */
  errors: Output;
}

/**
 * Creates the log of a process: JSON lines on standard output, or text if that is a terminal.
 * @param part `gateway` or `worker`
 */
export function createLog(level: string, part: string, { batchMs = 0 }: LogOptions = {}): Logger {
  const errors = createOutput({ fd: 2 });
  const output = createOutput({
    fd: 1,
    batchMs,
    printError: (message) => errors.write(`imgwire: ${message}\n`),
    onDropped: (dropped) => log.warn({ dropped }, 'log lines dropped'),
  });
  const write = isatty(1) ? (lines: string) => output.write(prettyPrint(lines)) : output.write;
  const destination: LogDestination = { write, flushSync: output.flush, errors };
  const log = pino({ level, base: { part, pid: process.pid } }, destination);
  return log;
}

/** The stream behind a log, to pass on lines of other processes. */
export function destinationOf(log: Logger): LogDestination {
  return (log as Logger & { [pino.symbols.streamSym]: LogDestination })[pino.symbols.streamSym];
}

const formatLine = prettyFactory({ colorize: isColorSupported, ignore: 'part,pid', messageFormat: '{part}: {msg}' });

function prettyPrint(lines: string): string {
  return lines
    .split(/(?<=\n)/)
    .map(formatLine)
    .join('');
}
