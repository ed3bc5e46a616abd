import { closeSync, fstatSync, statSync, writeSync } from 'node:fs';
import { openFile } from './durable.ts';
import { lineOf, type Upload } from './index-lines.ts';

/**
 * Creates what appends to a file that other processes append to and replace: at once all lines that came while the last
 * ones were written. It throws file system errors.
 */
export function createIndexAppender(path: string): (upload: Upload) => Promise<void> {
  let lines = '';
  let running = Promise.resolve();
  let next: Promise<void> | undefined;

  async function begin(): Promise<void> {
    const taken = lines;
    lines = '';
    next = undefined;
    while (!(await appendTo(path, taken)));
  }

  return (upload) => {
    lines += lineOf(upload);
    if (next === undefined) {
      next = running.then(begin, begin);
      running = next;
    }
    return next;
  };
}

/** @returns false if the file was replaced meanwhile, possibly without the lines */
async function appendTo(path: string, lines: string): Promise<boolean> {
  const file = await openFile(path, 'a');
  try {
    // Sync, so that the file is hardly ever replaced between both: the lines may be in the new file then, twice.
    const bytesWritten = writeSync(file, lines);
    const isCurrent = statSync(path).ino === fstatSync(file).ino;
    if (bytesWritten < lines.length)
      throw new Error(`Expected ${lines.length} bytes to be written but only ${bytesWritten} were`);
    return isCurrent;
  } finally {
    closeSync(file);
  }
}
