import { decodeIdCursor, encodeIdCursor } from './cursor.ts';
import { idsIn, prefixesAfter } from './layout.ts';
import type { ListPage, StoredImage } from './store.ts';

export interface ByIdOptions {
  root: string;
  describe(imageId: string): Promise<StoredImage | undefined>;
  limit: number;
  cursor?: string;
}

/** A page ends early after this many folders, as deleted images leave empty ones. */
const maxFolders = 512;
const maxConcurrentFolders = 8;

/** Lists a page in the order of ids. Reads only the folders it needs, and at most as many again ahead. */
export async function listById({ root, describe, limit, cursor }: ByIdOptions): Promise<ListPage> {
  const after = cursor === undefined ? '' : decodeIdCursor(cursor);
  const prefixes = prefixesAfter(root, after);
  const images: StoredImage[] = [];
  let read = 0;
  for (let batchSize = 1; ; batchSize = Math.min(2 * batchSize, maxConcurrentFolders)) {
    const batch = await takeNext(prefixes, batchSize);
    const last = batch.at(-1);
    if (last === undefined) return { images };
    const ids = (await Promise.all(batch.map((prefix) => idsIn(root, prefix, after)))).flat();
    while (ids.length > 0) {
      // One more than the page holds shows whether there is a next page.
      const described = await Promise.all(ids.splice(0, limit + 1 - images.length).map(describe));
      for (const image of described) {
        if (image === undefined) continue;
        if (images.length === limit)
          return { images, nextCursor: encodeIdCursor((images.at(-1) as StoredImage).imageId) };
        images.push(image);
      }
    }
    read += batch.length;
    if (read >= maxFolders) return { images, nextCursor: encodeIdCursor(last.padEnd(64, 'f')) };
  }
}

async function takeNext(prefixes: AsyncIterator<string>, count: number): Promise<string[]> {
  const taken: string[] = [];
  while (taken.length < count) {
    const { value, done } = await prefixes.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}
