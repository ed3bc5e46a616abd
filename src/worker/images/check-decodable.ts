import { formats } from '../../contract/formats.ts';
import { maxFrames } from './decoding-limits.ts';
import { undecodable } from './errors.ts';
import type { SourceImage } from './inspect.ts';
import { sharp } from './sharp.ts';

/**
 * Decodes an image, all frames of an animation within the limit, so that a damaged one is refused before it is stored.
 * Of a paged file that is no animation, the first page. SVGs were parsed whole already.
 * @throws RequestError `unprocessable_image`
 */
export async function checkDecodable(source: SourceImage, maxPixels: number): Promise<void> {
  const { bytes, format, width, height, frames } = source;
  if (format === 'svg') return;
  const animated = formats[format].animation && frames <= maxFrames && width * height * frames <= maxPixels;
  // Small: decoders of JPEG and WebP then skip part of the work, but read all of the data.
  const small = { width: 1, height: 1, fit: 'fill', kernel: 'nearest' } as const;
  try {
    await sharp(bytes, { sequentialRead: true, animated }).resize(small).raw().toBuffer();
  } catch (error) {
    throw undecodable(format, error);
  }
}
