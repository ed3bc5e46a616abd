import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** File of the digests of all entries, least recently used first. */
const fileName = 'order';

/** A digest plus a line feed. */
const lineBytes = 33;

const linesPerChunk = 1000;

/**
 * Reads the digests, most recently used first; none if the file is missing, as losing the order costs only a warm-up.
 */
export async function* readLruOrder(folder: string): AsyncGenerator<string> {
  const file = await open(join(folder, fileName)).catch(() => undefined);
  if (file === undefined) return;
  try {
    const { size } = await file.stat();
    for (let end = Math.ceil(size / lineBytes); end > 0; end -= linesPerChunk) {
      const start = Math.max(0, end - linesPerChunk) * lineBytes;
      const length = end * lineBytes - start;
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, start);
      yield* buffer.toString('latin1', 0, bytesRead).split('\n').reverse();
    }
  } finally {
    await file.close();
  }
}

/** Replaces the file atomically. Iterates over the digests a thousand at a time, yielding to the event loop between. */
export async function writeLruOrder(folder: string, digests: Iterable<string>): Promise<void> {
  const path = join(folder, fileName);
  const temporaryPath = `${path}.tmp`;
  const file = await open(temporaryPath, 'w');
  try {
    let lines: string[] = [];
    for (const digest of digests) {
      lines.push(`${digest}\n`);
      if (lines.length < linesPerChunk) continue;
      await file.write(lines.join(''));
      lines = [];
    }
    await file.write(lines.join(''));
  } finally {
    await file.close();
  }
  await rename(temporaryPath, path);
}
