import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Results in the disk cache of a service that are as long as their names say: a killed one leaves torn files. */
export async function cachedFiles({ dataDir }: { dataDir: string }): Promise<string[]> {
  const cache = join(dataDir, 'cache');
  const whole: string[] = [];
  for (const name of await readdir(cache, { recursive: true })) {
    const [, bytes] = /[0-9a-f]{64}-[0-9a-f]{32}-(\d+)/.exec(name) ?? [];
    if (bytes !== undefined && (await stat(join(cache, name))).size === Number(bytes)) whole.push(name);
  }
  return whole;
}
