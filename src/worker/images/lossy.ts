import type { SourceImage } from './source-image.ts';
import { compressionOf, jpegCompressions, shortsOf } from './tiff-pages.ts';

/** Whether neighbouring pixels of one colour may have come to differ. */
export function isLossy({ format, bytes }: Pick<SourceImage, 'format' | 'bytes'>, page = 0): boolean {
  if (format === 'webp') return bytes.includes('VP8 ');
  if (format === 'tiff') return jpegCompressions.includes(compressionOf(shortsOf(bytes, page)));
  return format === 'jpeg' || format === 'avif';
}
