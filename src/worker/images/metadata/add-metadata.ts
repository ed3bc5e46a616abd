import type { Job } from '../job.ts';
import { type Sharp, sharp } from '../sharp.ts';
import { metadataInPng } from './in-png.ts';
import { exifInTiff } from './in-tiff.ts';
import { exifInWebp } from './in-webp.ts';
import type { KeptMetadata } from './kept-metadata.ts';

/**
 * Gives a still image metadata that sharp then writes: sharp takes EXIF data only from a file, and as values only in ASCII.
 * @param png with all pixels
 */
export function openWithMetadata(png: Buffer, kept: KeptMetadata): Sharp {
  return sharp(metadataInPng(png, { ...kept, xmp: undefined })).keepExif();
}

/** Adds EXIF data, and to a PNG the rest too, where that takes no help of sharp; undefined where it does. */
export function exifAdder({ format, frames }: Job): ((encoded: Buffer, kept: KeptMetadata) => Buffer) | undefined {
  if (format === 'png') return metadataInPng;
  if (format === 'tiff') return exifInTiff;
  return format === 'webp' && frames > 1 ? exifInWebp : undefined;
}
