import { constants } from 'node:os';
import { complain } from './complain.ts';

let isWatched = false;

/**
 * Prints a line. Where the reader has left, as `| head -1` does, the process ends as other programs do by SIGPIPE; where it
 * cannot be written for another reason, as on a full disk, with 1.
 */
export function print(line: string): void {
  if (!isWatched) process.stdout.on('error', end);
  isWatched = true;
  process.stdout.write(`${line}\n`);
}

function end({ code, message }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') process.exit(128 + constants.signals.SIGPIPE);
  complain(`standard output cannot be written: ${message}`);
  process.exit(1);
}
