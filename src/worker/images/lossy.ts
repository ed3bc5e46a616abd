import type { SourceImage } from './inspect.ts';
import { readDirectory } from './metadata/directory.ts';

const compression = 259;
/** JPEG in TIFF 6.0, and as in its Technical Note 2. */
const jpegInTiff = [6, 7];

/** Whether neighbouring pixels of one colour may have come to differ. */
export function isLossy({ format, bytes }: Pick<SourceImage, 'format' | 'bytes'>): boolean {
  if (format === 'webp') return bytes.includes('VP8 ');
  if (format === 'tiff') {
    return readDirectory(bytes).some(({ id, value }) => id === compression && jpegInTiff.includes(value[0] as number));
  }
  return format === 'jpeg' || format === 'avif';
}
