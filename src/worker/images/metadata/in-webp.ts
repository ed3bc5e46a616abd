import type { KeptMetadata } from './kept-metadata.ts';

const riffHeader = 12;
const chunkHeader = 8;
const exifFlag = 0x08;

/** For extended WebP, as all animations are (RFC 9649, 2.7). */
export function exifInWebp(webp: Buffer, { exif }: KeptMetadata): Buffer {
  if (exif === undefined) return webp;
  const chunk = Buffer.alloc(chunkHeader);
  chunk.write('EXIF', 'latin1');
  chunk.writeUInt32LE(exif.length, 4);
  const made = Buffer.concat([webp, chunk, exif, Buffer.alloc(exif.length % 2)]);
  made.writeUInt32LE(made.length - chunkHeader, 4);
  const flagsAt = riffHeader + chunkHeader;
  made[flagsAt] = (made[flagsAt] as number) | exifFlag;
  return made;
}
