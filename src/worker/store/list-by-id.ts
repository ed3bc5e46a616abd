import { cursorAfter, imageBefore } from './cursor.ts';
import { idsAfter } from './layout.ts';
import type { ListPage, StoredImage } from './store.ts';

export interface ByIdOptions {
  root: string;
  describe(imageId: string): Promise<StoredImage | undefined>;
  limit: number;
  cursor?: string;
}

/** Reads only the page's folders. */
export async function listById({ root, describe, limit, cursor }: ByIdOptions): Promise<ListPage> {
  const images: StoredImage[] = [];
  for await (const imageId of idsAfter(root, cursor === undefined ? '' : imageBefore(cursor))) {
    const image = await describe(imageId);
    if (image === undefined) continue;
    if (images.length === limit) return { images, nextCursor: cursorAfter((images.at(-1) as StoredImage).imageId) };
    images.push(image);
  }
  return { images };
}
