import type { Plan } from '../plan.ts';
import { type Sharp, sharp } from '../sharp.ts';
import { addPngMetadata } from './add-png-metadata.ts';
import { addTiffExif } from './add-tiff-exif.ts';
import { addWebpExif } from './add-webp-exif.ts';
import type { KeptMetadata } from './kept-metadata.ts';

/** Opens a PNG with EXIF data embedded for sharp to write: its API takes ASCII values only. */
export function openWithMetadata(png: Buffer, kept: KeptMetadata): Sharp {
  return sharp(addPngMetadata(png, { ...kept, xmp: undefined })).keepExif();
}

/**
 * Function that adds EXIF data (to PNG also XMP) to an encoded image; undefined for formats to which sharp writes it.
 */
export function exifAdder({ format, frames }: Plan): ((encoded: Buffer, kept: KeptMetadata) => Buffer) | undefined {
  if (format === 'png') return addPngMetadata;
  if (format === 'tiff') return addTiffExif;
  return format === 'webp' && frames > 1 ? addWebpExif : undefined;
}
