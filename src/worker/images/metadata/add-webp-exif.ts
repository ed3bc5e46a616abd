import type { Size } from '../output-size.ts';
import { alphaFlag, hasLosslessAlpha } from '../webp/alpha-flag.ts';
import { chunks } from '../webp/chunks.ts';
import type { KeptMetadata } from './kept-metadata.ts';

const riffHeader = 12;
const chunkHeader = 8;
const exifFlag = 0x08;

/**
 * Appends an EXIF chunk (RFC 9649, 2.7).
 * @param size of the canvas
 */
export function addWebpExif(webp: Buffer, { exif }: KeptMetadata, size: Size): Buffer {
  if (exif === undefined) return webp;
  const extended = asExtended(webp, size);
  const chunk = Buffer.alloc(chunkHeader);
  chunk.write('EXIF', 'latin1');
  chunk.writeUInt32LE(exif.length, 4);
  const result = Buffer.concat([extended, chunk, exif, Buffer.alloc(exif.length % 2)]);
  result.writeUInt32LE(result.length - chunkHeader, 4);
  const flagsAt = riffHeader + chunkHeader;
  result[flagsAt] = (result[flagsAt] as number) | exifFlag;
  return result;
}

/** Inserts the header of an extended file into a simple one. */
function asExtended(webp: Buffer, { width, height }: Size): Buffer {
  const [first] = chunks(webp);
  if (first === undefined || first.type === 'VP8X') return webp;
  const header = Buffer.from('VP8X\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0', 'latin1');
  header[chunkHeader] = first.type === 'VP8L' && hasLosslessAlpha(first.body) ? alphaFlag : 0;
  header.writeUIntLE(width - 1, chunkHeader + 4, 3);
  header.writeUIntLE(height - 1, chunkHeader + 7, 3);
  return Buffer.concat([webp.subarray(0, riffHeader), header, webp.subarray(riffHeader)]);
}
