import { encodeDirectories, readDirectory } from './directory.ts';
import type { KeptMetadata } from './kept-metadata.ts';

const directoryPointer = 4;

/** Appends a new first directory, which leaves the pixels in place; for little-endian files only. */
export function addTiffExif(tiff: Buffer, { directories: { tags, inner } }: KeptMetadata): Buffer {
  const replaced = new Set([...tags, ...inner].map(({ id }) => id));
  const own = readDirectory(tiff).filter(({ id }) => !replaced.has(id));
  const start = tiff.length + (tiff.length % 2);
  const result = Buffer.concat([
    tiff,
    Buffer.alloc(start - tiff.length),
    encodeDirectories(start, [...own, ...tags], inner),
  ]);
  result.writeUInt32LE(start, directoryPointer);
  return result;
}
