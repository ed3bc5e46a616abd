import type { OutputFormat } from '../../../contract/formats.ts';
import type { Size } from '../output-size.ts';
import { addAvifExif } from './add-avif-exif.ts';
import { addJpegExif } from './add-jpeg-exif.ts';
import { addPngMetadata } from './add-png-metadata.ts';
import { addTiffExif } from './add-tiff-exif.ts';
import { addWebpExif } from './add-webp-exif.ts';
import type { KeptMetadata } from './kept-metadata.ts';

type MetadataAdder = (encoded: Buffer, kept: KeptMetadata, size: Size) => Buffer;

/**
 * Adds EXIF data (to PNG also XMP) to an encoded image, byte for byte: libvips would rewrite it, and sharp's API takes
 * ASCII values only.
 */
export const metadataAdders: Record<OutputFormat, MetadataAdder> = {
  jpeg: addJpegExif,
  png: addPngMetadata,
  webp: addWebpExif,
  avif: addAvifExif,
  gif: (encoded) => encoded,
  tiff: addTiffExif,
};
