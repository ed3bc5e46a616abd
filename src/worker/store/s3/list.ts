import { decodeIdCursor, decodeUploadCursor, encodeIdCursor, encodeUploadCursor } from '../cursor.ts';
import type { ListOptions, ListPage, StoredImage } from '../store.ts';
import type { Bucket, ListPosition } from './bucket.ts';
import { afterIds, isImageKey, newestKey, newestPrefix, parseNewestKey, type StoredAt } from './keys.ts';
import { storedAtOf } from './original-metadata.ts';

const maxListed = 1000;
/** Within the SDK's 50 connections. */
const maxConcurrentHeads = 32;
/** A page ends early after this many markers without an image. */
const maxSkipped = 2000;
/** An upload puts its image soon after the marker, within the timeout of a request. */
const abandonedAfterMs = 3_600_000;

/** Lists a page in the order of ids. */
export async function listById(bucket: Bucket, { limit, cursor, signal }: ListOptions): Promise<ListPage> {
  const images: StoredImage[] = [];
  let position: ListPosition = { startAfter: cursor === undefined ? undefined : decodeIdCursor(cursor) };
  for (;;) {
    const wanted = Math.min(limit + 1 - images.length, maxListed);
    const page = await bucket.list({ limit: wanted, ...position, signal });
    for (const { key, size, modifiedAt } of page.objects) {
      if (key >= afterIds) return { images };
      if (!isImageKey(key)) continue;
      if (images.length === limit)
        return { images, nextCursor: encodeIdCursor((images.at(-1) as StoredImage).imageId) };
      images.push({ imageId: key, size, createdAt: modifiedAt });
    }
    if (page.next === undefined) return { images };
    position = page.next;
  }
}

/** Lists a page, newest first: lists markers only, and sends a HEAD request for the image of each. */
export async function listNewest(bucket: Bucket, { limit, cursor, signal }: ListOptions): Promise<ListPage> {
  const images: StoredImage[] = [];
  const abandoned: string[] = [];
  let position: ListPosition = {
    startAfter: cursor === undefined ? undefined : newestKey(decodeUploadCursor(cursor)),
  };
  let last: StoredAt | undefined;
  let skipped = 0;
  try {
    for (;;) {
      const wanted = Math.min(limit + 1 - images.length, maxConcurrentHeads);
      const page = await bucket.list({ prefix: newestPrefix, limit: wanted, ...position, signal });
      const found = await Promise.all(page.objects.map(({ key }) => describe(key)));
      for (const [index, { key }] of page.objects.entries()) {
        const marker = parseNewestKey(key);
        const image = found[index];
        if (image === undefined) {
          skipped += 1;
          if (marker !== undefined && Date.now() - marker.storedAt > abandonedAfterMs) abandoned.push(key);
        } else if (images.length === limit) return { images, ...cursorOf(last) };
        else images.push(image);
        last = marker ?? last;
      }
      if (page.next === undefined) return { images };
      if (skipped >= maxSkipped) return { images, ...cursorOf(last) };
      position = page.next;
    }
  } finally {
    // Saves later lists from skipping them again; a failure does not matter.
    if (abandoned.length > 0) void bucket.delete(abandoned).catch(() => {});
  }

  /** Undefined if the image is gone, or has been stored again since. */
  async function describe(key: string): Promise<StoredImage | undefined> {
    const marker = parseNewestKey(key);
    if (marker === undefined) return undefined;
    const object = await bucket.head(marker.imageId, { signal });
    if (object === undefined || storedAtOf(marker.imageId, object.metadata)?.storedAt !== marker.storedAt) {
      return undefined;
    }
    return { imageId: marker.imageId, size: object.size, createdAt: object.modifiedAt };
  }
}

const cursorOf = (last: StoredAt | undefined) =>
  last === undefined ? {} : { nextCursor: encodeUploadCursor({ ...last, offset: 0 }) };
