import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Name of the file with the digests of all entries, the least recently used first. */
const fileName = 'order';

/** Reads the position of each digest; empty where the file is missing or cannot be read, since it only saves a warm-up. */
export async function readOrder(folder: string): Promise<Map<string, number>> {
  const text = await readFile(join(folder, fileName), 'latin1').catch(() => '');
  return new Map(text.split('\n').map((digest, index) => [digest, index]));
}

/** Replaces the file in one step. */
export async function writeOrder(folder: string, digests: Iterable<string>): Promise<void> {
  const path = join(folder, fileName);
  const unfinished = `${path}.tmp`;
  await writeFile(unfinished, [...digests].join('\n'));
  await rename(unfinished, path);
}
