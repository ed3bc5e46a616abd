import type { KeptMetadata } from './kept-metadata.ts';

const riffHeader = 12;
const chunkHeader = 8;
const exifFlag = 0x08;

/** Appends an EXIF chunk to an extended WebP, as every animation is (RFC 9649, 2.7). */
export function addWebpExif(webp: Buffer, { exif }: KeptMetadata): Buffer {
  if (exif === undefined) return webp;
  const chunk = Buffer.alloc(chunkHeader);
  chunk.write('EXIF', 'latin1');
  chunk.writeUInt32LE(exif.length, 4);
  const result = Buffer.concat([webp, chunk, exif, Buffer.alloc(exif.length % 2)]);
  result.writeUInt32LE(result.length - chunkHeader, 4);
  const flagsAt = riffHeader + chunkHeader;
  result[flagsAt] = (result[flagsAt] as number) | exifFlag;
  return result;
}
