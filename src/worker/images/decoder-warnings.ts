import type { Format } from '../../contract/formats.ts';
import type { SourceImage } from './source-image.ts';

const warning = /^VipsJpeg: |^Warning treated as error/m;
/** libjpeg on data that ended early; libvips passes on only text. */
const lostPixels = /premature end/i;

/** Retries without warnings as errors unless pixels are lost: browsers show stray bytes between segments. */
export async function pastWarnings<T>(decode: (failOn: SourceImage['failOn']) => Promise<T>): Promise<T> {
  try {
    return await decode('warning');
  } catch (error) {
    if (!isHarmless(error)) throw error;
    return decode('error');
  }
}

/** JPEG alone: other decoders fail on lost pixels. */
export function decoderStrictness(format: Format, failOn: SourceImage['failOn']): Pick<SourceImage, 'failOn'> {
  return { failOn: format === 'jpeg' ? failOn : 'error' };
}

function isHarmless(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const text = error.cause instanceof Error ? error.cause.message : error.message;
  return warning.test(text) && !lostPixels.test(text);
}
