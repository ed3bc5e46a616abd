import { writeSync } from 'node:fs';

/** Prints an error on standard error, if that can be written. */
export function printError(message: string): void {
  try {
    writeSync(process.stderr.fd, `imgwire: ${message}\n`);
  } catch {
    // The exit code remains.
  }
}
