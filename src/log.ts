import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export type { Logger };

export interface LogOptions {
  /**
   * Lines are written many at a time, instead of each before the process goes on: a write for each
   * takes longer than a 304. A process that is killed loses the last ones.
   */
  behind?: boolean;
}

/**
 * The log of one process: JSON lines on standard output, or text where that is a terminal.
 * @param part the process that speaks, such as `gateway` or `worker`
 */
export function createLog(level: string, part: string, { behind = false }: LogOptions = {}): Logger {
  const options = { level, base: { part, pid: process.pid } };
  if (!process.stdout.isTTY) {
    const output = pino.destination({ dest: process.stdout.fd, sync: !behind });
    return pino(options, behind ? inBatches(output) : output);
  }
  return pino(options, pretty({ sync: true, ignore: 'part,pid', messageFormat: '{part}: {msg}' }));
}

/** Characters of lines that are written at once, and the milliseconds that fewer of them wait. */
const batchLength = 65_536;
const batchMs = 50;

/** Writes many lines at a time. The output could wait for more by itself, but it measures all it has with every line. */
function inBatches(output: ReturnType<typeof pino.destination>): DestinationStream & { flushSync(): void } {
  let lines = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (lines !== '') output.write(lines);
    lines = '';
  };
  const flushSync = () => {
    flush();
    output.flushSync();
  };
  process.once('exit', () => {
    if (lines !== '') flushSync();
  });
  return {
    write(line) {
      lines += line;
      if (lines.length >= batchLength) flush();
      else timer ??= setTimeout(flush, batchMs);
    },
    flushSync,
  };
}
