import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { destinationOf, type Logger } from '../../log.ts';

/** Characters of a line whose end is waited for. */
const maxLine = 1_048_576;

/**
 * Passes on what a worker prints: lines of its log to ours, and text, such as a codec's warnings or the trace of a crash,
 * to standard error. Workers have pipes of their own, since one that is full stops whoever writes there.
 */
export function passOutputOn({ stdout, stderr }: ChildProcess, log: Logger): void {
  const { write, errors } = destinationOf(log);
  readLines(
    stdout,
    (lines) => {
      if (isOfLog(lines)) return write(lines);
      for (const line of lines.split(/(?<=\n)/)) (isOfLog(line) ? write : errors.write)(line);
    },
    errors.write,
  );
  readLines(stderr, errors.write, errors.write);
}

/** @param takeRest for a line without an end, by a process that was killed */
function readLines(stream: Readable | null, take: (lines: string) => void, takeRest: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (text: string) => {
    const end = text.lastIndexOf('\n') + 1;
    if (end > 0) take(rest + text.slice(0, end));
    rest = end > 0 ? text.slice(end) : rest + text;
    if (rest.length > maxLine) flush();
  });
  const flush = () => {
    if (rest !== '') takeRest(`${rest}\n`);
    rest = '';
  };
  stream?.on('end', flush);
}

const isOfLog = (lines: string) => lines.startsWith('{') && !/\n[^{]/.test(lines);
