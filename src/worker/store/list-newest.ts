import { open } from 'node:fs/promises';
import { decodeUploadCursor, encodeUploadCursor } from './cursor.ts';
import { findOlder, type IndexLine, lineAt, lineBytes, linesBefore, timeOf, type Upload } from './index-lines.ts';
import type { ListPage, StoredImage } from './store.ts';

export interface NewestOptions {
  path: string;
  describe(imageId: string): Promise<StoredImage | undefined>;
  limit: number;
  cursor: string | undefined;
}

export interface NewestPage {
  page: ListPage;
  isDamaged: boolean;
  /** Many lines have no image, or another time than their image. */
  isSparse: boolean;
}

/** A page ends early after this many lines without an image. */
const maxSkipped = 2000;
const minSparse = 1000;

/** Lists a page, newest first. Reads the index from its last line on, and only the files listed. */
export async function listNewest({ path, describe, limit, cursor }: NewestOptions): Promise<NewestPage> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const images: StoredImage[] = [];
    const listed = new Set<string>();
    const outdated = new Set<string>();
    let last: IndexLine | undefined;
    let skipped = 0;
    let isDamaged = false;
    const done = (nextCursor?: string): NewestPage => ({
      page: {
        // Lines of concurrent uploads may be milliseconds out of order.
        images: images.sort((one, other) => other.createdAt.getTime() - one.createdAt.getTime()),
        ...(nextCursor === undefined ? {} : { nextCursor }),
      },
      isDamaged,
      isSparse: skipped >= minSparse || [...outdated].some((imageId) => !listed.has(imageId)),
    });

    let end = cursor === undefined ? size : await positionOf(cursor);
    while (end > lineBytes) {
      const { lines, rest } = await linesBefore(file, end, limit - images.length + 8);
      const found = await Promise.all(lines.map(({ upload }) => upload && describe(upload.imageId)));
      for (const [index, line] of lines.entries()) {
        const image = found[index];
        isDamaged ||= line.isDamaged;
        const isCurrent = image !== undefined && timeOf(image) === line.upload?.storedAt;
        if (image !== undefined && !isCurrent) outdated.add(image.imageId);
        if (isCurrent && !listed.has(image.imageId)) {
          if (images.length === limit) return done(cursorOf(last));
          listed.add(image.imageId);
          images.push(image);
        } else {
          skipped += 1;
        }
        if (line.upload !== undefined) last = line;
      }
      end = rest;
      if (skipped >= maxSkipped) return done(end > lineBytes ? cursorOf(last) : undefined);
    }
    return done();

    async function positionOf(text: string): Promise<number> {
      const { offset, ...upload } = decodeUploadCursor(text);
      if (offset >= lineBytes && isSame((await lineAt(file, offset)).upload, upload)) return offset;
      return findOlder(file, size, upload);
    }
  } finally {
    await file.close();
  }
}

function isSame(one: Upload | undefined, other: Upload): boolean {
  return one?.imageId === other.imageId && one.storedAt === other.storedAt;
}

const cursorOf = (line: IndexLine | undefined) =>
  line?.upload && encodeUploadCursor({ ...line.upload, offset: line.start });
