import type { KeptMetadata } from './kept-metadata.ts';

const startOfImage = 2;
const maxSegment = 65_535;

/** Inserts an APP1 segment as the first (EXIF 2.32, 4.5.4); omits data that is too large for it. */
export function addJpegExif(jpeg: Buffer, { exif }: KeptMetadata): Buffer {
  if (exif === undefined) return jpeg;
  const head = Buffer.from('\xff\xe1\0\0Exif\0\0', 'latin1');
  const length = head.length - 2 + exif.length;
  if (length > maxSegment) return jpeg;
  head.writeUInt16BE(length, 2);
  return Buffer.concat([jpeg.subarray(0, startOfImage), head, exif, jpeg.subarray(startOfImage)]);
}
