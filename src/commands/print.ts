import { constants } from 'node:os';
import { printError } from './print-error.ts';

let handlesErrors = false;

/**
 * Prints a line. If the reader has gone, as with `| head -1`, the process exits with the code of SIGPIPE, as other
 * programs do; on another write error, such as a full disk, with 1.
 */
export function print(line: string): void {
  if (!handlesErrors) process.stdout.on('error', exitOnError);
  handlesErrors = true;
  process.stdout.write(`${line}\n`);
}

function exitOnError({ code, message }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') process.exit(128 + constants.signals.SIGPIPE);
  printError(`cannot write to standard output: ${message}`);
  process.exit(1);
}
