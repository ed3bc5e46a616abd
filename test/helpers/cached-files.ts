import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Complete results in a service's disk cache, as long as their names say: a killed service leaves torn files. */
export async function cachedFiles({ dataDir }: { dataDir: string }): Promise<string[]> {
  const cache = join(dataDir, 'cache');
  const complete: string[] = [];
  for (const name of await readdir(cache, { recursive: true })) {
    const [, bytes] = /[0-9a-f]{64}-[0-9a-f]{32}-(\d+)/.exec(name) ?? [];
    if (bytes !== undefined && (await stat(join(cache, name))).size === Number(bytes)) complete.push(name);
  }
  return complete;
}
