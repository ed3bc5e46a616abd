import { writeSync } from 'node:fs';

/** Says what went wrong, on standard error; whether it can is no reason to end in another way. */
export function complain(message: string): void {
  try {
    writeSync(process.stderr.fd, `imgwire: ${message}\n`);
  } catch {
    // The exit code is left.
  }
}
