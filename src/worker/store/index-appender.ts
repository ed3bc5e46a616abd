import { closeSync, fstatSync, statSync, writeSync } from 'node:fs';
import { openFile } from './durable.ts';
import { lineOf, type Upload } from './index-lines.ts';

/**
 * Creates a function that appends to a file which other processes append to and replace. Lines that arrive during a
 * write are batched into the next one. The function throws file system errors.
 */
export function createIndexAppender(path: string): (upload: Upload) => Promise<void> {
  let lines = '';
  let running = Promise.resolve();
  let next: Promise<void> | undefined;

  async function writeBatch(): Promise<void> {
    const batch = lines;
    lines = '';
    next = undefined;
    while (!(await appendTo(path, batch)));
  }

  return (upload) => {
    lines += lineOf(upload);
    if (next === undefined) {
      next = running.then(writeBatch, writeBatch);
      running = next;
    }
    return next;
  };
}

/** @returns false if the file was replaced meanwhile, possibly without the lines */
async function appendTo(path: string, lines: string): Promise<boolean> {
  const file = await openFile(path, 'a');
  try {
    // Synchronous, so that the file is hardly ever replaced between write and check: lines that were copied to the new
    // file already would then be appended twice.
    const bytesWritten = writeSync(file, lines);
    const isCurrent = statSync(path).ino === fstatSync(file).ino;
    if (bytesWritten < lines.length)
      throw new Error(`Expected ${lines.length} bytes to be written but only ${bytesWritten} were`);
    return isCurrent;
  } finally {
    closeSync(file);
  }
}
