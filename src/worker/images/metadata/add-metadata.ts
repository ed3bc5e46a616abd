import type { Job } from '../job.ts';
import { type Sharp, sharp } from '../sharp.ts';
import { metadataInPng } from './in-png.ts';
import { exifInTiff } from './in-tiff.ts';
import { exifInWebp } from './in-webp.ts';
import type { KeptMetadata } from './kept-metadata.ts';

/** Opens a PNG with EXIF data for sharp to write: its API takes ASCII values only. */
export function openWithMetadata(png: Buffer, kept: KeptMetadata): Sharp {
  return sharp(metadataInPng(png, { ...kept, xmp: undefined })).keepExif();
}

/** Adds EXIF data (to PNG also XMP); undefined where sharp writes it. */
export function exifAdder({ format, frames }: Job): ((encoded: Buffer, kept: KeptMetadata) => Buffer) | undefined {
  if (format === 'png') return metadataInPng;
  if (format === 'tiff') return exifInTiff;
  return format === 'webp' && frames > 1 ? exifInWebp : undefined;
}
