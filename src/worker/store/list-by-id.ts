import { cursorAfter, imageBefore } from './cursor.ts';
import { idsIn, prefixesAfter } from './layout.ts';
import type { ListPage, StoredImage } from './store.ts';

export interface ByIdOptions {
  root: string;
  describe(imageId: string): Promise<StoredImage | undefined>;
  limit: number;
  cursor?: string;
}

/** Folders after which a page ends early: deleted images leave empty ones. */
const maxFolders = 512;
const mostFoldersAtOnce = 8;

/** Reads only the page's folders, and as many again ahead. */
export async function listById({ root, describe, limit, cursor }: ByIdOptions): Promise<ListPage> {
  const after = cursor === undefined ? '' : imageBefore(cursor);
  const prefixes = prefixesAfter(root, after);
  const images: StoredImage[] = [];
  let read = 0;
  for (let atOnce = 1; ; atOnce = Math.min(2 * atOnce, mostFoldersAtOnce)) {
    const batch = await take(prefixes, atOnce);
    const last = batch.at(-1);
    if (last === undefined) return { images };
    const ids = (await Promise.all(batch.map((prefix) => idsIn(root, prefix, after)))).flat();
    while (ids.length > 0) {
      // One more than the page takes, to see whether there is another.
      const described = await Promise.all(ids.splice(0, limit + 1 - images.length).map(describe));
      for (const image of described) {
        if (image === undefined) continue;
        if (images.length === limit) return { images, nextCursor: cursorAfter((images.at(-1) as StoredImage).imageId) };
        images.push(image);
      }
    }
    read += batch.length;
    if (read >= maxFolders) return { images, nextCursor: cursorAfter(last.padEnd(64, 'f')) };
  }
}

async function take(prefixes: AsyncIterator<string>, count: number): Promise<string[]> {
  const taken: string[] = [];
  while (taken.length < count) {
    const { value, done } = await prefixes.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}
