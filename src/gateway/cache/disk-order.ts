import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** Name of the file with the digests of all entries, the least recently used first. */
const fileName = 'order';

/** A digest and a line feed. */
const lineBytes = 33;

const linesAtOnce = 1000;

/** Reads the digests, the most recently used first; none where the file is missing, since it only saves a warm-up. */
export async function* readOrder(folder: string): AsyncGenerator<string> {
  const file = await open(join(folder, fileName)).catch(() => undefined);
  if (file === undefined) return;
  try {
    const { size } = await file.stat();
    for (let end = Math.ceil(size / lineBytes); end > 0; end -= linesAtOnce) {
      const start = Math.max(0, end - linesAtOnce) * lineBytes;
      const length = end * lineBytes - start;
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, start);
      yield* buffer.toString('latin1', 0, bytesRead).split('\n').reverse();
    }
  } finally {
    await file.close();
  }
}

/** Replaces the file in one step; takes the digests a thousand at a time, with other work between. */
export async function writeOrder(folder: string, digests: Iterable<string>): Promise<void> {
  const path = join(folder, fileName);
  const unfinished = `${path}.tmp`;
  const file = await open(unfinished, 'w');
  try {
    let lines: string[] = [];
    for (const digest of digests) {
      lines.push(`${digest}\n`);
      if (lines.length < linesAtOnce) continue;
      await file.write(lines.join(''));
      lines = [];
    }
    await file.write(lines.join(''));
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}
