import { constants } from 'node:os';

let isWatched = false;

/** Prints a line. Where the reader has left, as `| head -1` does, the process ends as other programs do by SIGPIPE. */
export function print(line: string): void {
  if (!isWatched) process.stdout.on('error', endIfPipeBroke);
  isWatched = true;
  process.stdout.write(`${line}\n`);
}

function endIfPipeBroke(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(128 + constants.signals.SIGPIPE);
}
