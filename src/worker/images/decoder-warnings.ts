import type { Format } from '../../contract/formats.ts';
import type { SourceImage } from './inspect.ts';

const warning = /^VipsJpeg: |^Warning treated as error/m;
/** libjpeg warns in these words where data ended before all pixels came. libvips passes on the text alone. */
const lostPixels = /premature end/i;

/**
 * Decodes an image with the decoder's warnings as errors, and again without where none tells of lost pixels: stray bytes
 * between segments, for one, are shown as browsers do. Only libjpeg leaves that to its warnings.
 */
export async function pastWarnings<T>(decode: (failOn: SourceImage['failOn']) => Promise<T>): Promise<T> {
  try {
    return await decode('warning');
  } catch (error) {
    if (!isHarmless(error)) throw error;
    return decode('error');
  }
}

/** Warnings fail in JPEGs alone: those of other decoders never tell of lost pixels, which are errors. */
export function decoderStrictness(format: Format, failOn: SourceImage['failOn']): Pick<SourceImage, 'failOn'> {
  return { failOn: format === 'jpeg' ? failOn : 'error' };
}

function isHarmless(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const text = error.cause instanceof Error ? error.cause.message : error.message;
  return warning.test(text) && !lostPixels.test(text);
}
