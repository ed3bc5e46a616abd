import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export type { Logger };

export interface LogOptions {
  /** Writes lines in batches: a write each takes longer than a 304. A process that is killed loses the last ones. */
  behind?: boolean;
}

/**
 * Creates the log of a process: JSON lines on standard output, or text where that is a terminal.
 * @param part `gateway` or `worker`
 */
export function createLog(level: string, part: string, { behind = false }: LogOptions = {}): Logger {
  const options = { level, base: { part, pid: process.pid } };
  if (!process.stdout.isTTY) {
    const output = pino.destination({ dest: process.stdout.fd, sync: !behind });
    return pino(options, behind ? inBatches(output) : output);
  }
  return pino(options, pretty({ sync: true, ignore: 'part,pid', messageFormat: '{part}: {msg}' }));
}

const batchLength = 65_536;
const batchMs = 50;

/** Batches lines. pino's own buffering measures all it holds with every line. */
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
