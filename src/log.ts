import { writeSync } from 'node:fs';
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
    const output = standardOutput(!behind);
    return pino(options, behind ? inBatches(output) : output);
  }
  return pino(options, pretty({ sync: true, ignore: 'part,pid', messageFormat: '{part}: {msg}' }));
}

/** Characters that wait while nothing can be written; lines beyond are dropped. */
const maxWaiting = 1_048_576;

/** Goes on where lines cannot be written, as on a full disk, and tries again with each that comes. */
function standardOutput(sync: boolean) {
  const output = pino.destination({ dest: process.stdout.fd, sync, maxLength: maxWaiting });
  const flushSync = output.flushSync.bind(output);
  let isFailing = false;
  output.on('error', (error: Error) => {
    if (!isFailing) complain(error);
    isFailing = true;
  });
  output.on('write', () => {
    isFailing = false;
  });
  // It would try for ever.
  output.flushSync = () => {
    if (!isFailing) flushSync();
  };
  return output;
}

function complain({ message }: Error): void {
  try {
    writeSync(process.stderr.fd, `imgwire: lines of the log are lost: ${message}\n`);
  } catch {
    // Standard error may be on the same disk.
  }
}

const batchLength = 65_536;
const batchMs = 50;

/** Batches lines. pino's own buffering measures all it holds with every line. */
function inBatches(output: ReturnType<typeof standardOutput>): DestinationStream & { flushSync(): void } {
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
