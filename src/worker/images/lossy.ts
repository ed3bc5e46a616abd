import type { SourceImage } from './source-image.ts';
import { compressionOf, jpegCompressions, readShortTags } from './tiff-pages.ts';

/** Whether lossy compression may have left noise in areas of one colour. */
export function isLossy({ format, bytes }: Pick<SourceImage, 'format' | 'bytes'>, page = 0): boolean {
  if (format === 'webp') return bytes.includes('VP8 ');
  if (format === 'tiff') return jpegCompressions.includes(compressionOf(readShortTags(bytes, page)));
  return format === 'jpeg' || format === 'avif';
}
