import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { destinationOf, type Logger } from '../../log.ts';

/** Characters after which an unterminated line is passed on as it is. */
const maxLineLength = 1_048_576;

/**
 * Forwards a worker's output: log lines to our log, and other text, such as codec warnings or a crash trace, to
 * standard error. Workers get pipes of their own, since a full pipe blocks every process that writes to it.
 */
export function forwardOutput({ stdout, stderr }: ChildProcess, log: Logger): void {
  const { write, errors } = destinationOf(log);
  readLines(
    stdout,
    (lines) => {
      if (isLogOutput(lines)) return write(lines);
      for (const line of lines.split(/(?<=\n)/)) (isLogOutput(line) ? write : errors.write)(line);
    },
    errors.write,
  );
  readLines(stderr, errors.write, errors.write);
}

/** @param onRemainder called for an unterminated line, as of a killed process */
function readLines(
  stream: Readable | null,
  onLines: (lines: string) => void,
  onRemainder: (line: string) => void,
): void {
  let remainder = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (text: string) => {
    const end = text.lastIndexOf('\n') + 1;
    if (end > 0) onLines(remainder + text.slice(0, end));
    remainder = end > 0 ? text.slice(end) : remainder + text;
    if (remainder.length > maxLineLength) flush();
  });
  const flush = () => {
    if (remainder !== '') onRemainder(`${remainder}\n`);
    remainder = '';
  };
  stream?.on('end', flush);
}

const isLogOutput = (lines: string) => lines.startsWith('{') && !/\n[^{]/.test(lines);
