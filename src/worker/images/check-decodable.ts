import { formats } from '../../contract/formats.ts';
import { decodeAll } from './decode-all.ts';
import { decoderStrictness, tolerateWarnings } from './decoder-warnings.ts';
import { maxFrames } from './decoding-limits.ts';
import { undecodable } from './errors.ts';
import { isFlawless } from './jpeg/flawless.ts';
import { sharp } from './sharp.ts';
import type { SourceImage } from './source-image.ts';

/**
 * Checks that an image decodes: all frames of an animation within the limits, otherwise the first frame. Most JPEGs are
 * only scanned for flaws, and SVGs have been parsed already.
 * @throws RequestError `unprocessable_image` if damaged
 */
export async function checkDecodable(source: SourceImage, maxPixels: number): Promise<void> {
  const { bytes, format, width, height, frames } = source;
  if (format === 'svg' || (format === 'jpeg' && (await isFlawless(bytes)))) return;
  const animated = formats[format].animation && frames <= maxFrames && width * height * frames <= maxPixels;
  try {
    await tolerateWarnings((failOn) =>
      decodeAll(
        sharp(bytes, { ...decoderStrictness(format, failOn), sequentialRead: true, animated, ignoreIcc: true }),
      ),
    );
  } catch (error) {
    throw undecodable(format, error);
  }
}
