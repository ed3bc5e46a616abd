import type { Format } from '../../contract/formats.ts';
import type { SourceImage } from './source-image.ts';

const warning = /^VipsJpeg: |^Warning treated as error/m;
/** libjpeg's warning of data that ended early; libvips passes on only the text. */
const lostPixels = /premature end/i;

/**
 * Decodes with warnings as errors, and once more without if no pixels were lost: browsers show such images too (stray
 * bytes between segments).
 */
export async function tolerateWarnings<T>(decode: (failOn: SourceImage['failOn']) => Promise<T>): Promise<T> {
  try {
    return await decode('warning');
  } catch (error) {
    if (!isHarmless(error)) throw error;
    return decode('error');
  }
}

/** Applies `failOn` to JPEG only: other decoders fail on lost pixels anyway. */
export function decoderStrictness(format: Format, failOn: SourceImage['failOn']): Pick<SourceImage, 'failOn'> {
  return { failOn: format === 'jpeg' ? failOn : 'error' };
}

function isHarmless(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const text = error.cause instanceof Error ? error.cause.message : error.message;
  return warning.test(text) && !lostPixels.test(text);
}
