import { nestedAt, readDirectory } from './directory.ts';
import type { KeptMetadata } from './kept-metadata.ts';

const directoryPointer = 4;

/** Appends a new first directory, so that pixels stay in place; little-endian only. */
export function exifInTiff(tiff: Buffer, { directories: { tags, inner } }: KeptMetadata): Buffer {
  const taken = new Set([...tags, ...inner].map(({ id }) => id));
  const own = readDirectory(tiff).filter(({ id }) => !taken.has(id));
  const start = tiff.length + (tiff.length % 2);
  const made = Buffer.concat([tiff, Buffer.alloc(start - tiff.length), nestedAt(start, [...own, ...tags], inner)]);
  made.writeUInt32LE(start, directoryPointer);
  return made;
}
