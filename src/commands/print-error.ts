import { writeSync } from 'node:fs';

/** Prints an error on standard error; if that cannot be written, the exit code still tells. */
export function printError(message: string): void {
  try {
    writeSync(process.stderr.fd, `imgwire: ${message}\n`);
  } catch {
    // The exit code remains.
  }
}
