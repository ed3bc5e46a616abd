import { RequestError } from '../../contract/errors.ts';
import type { Format } from '../../contract/formats.ts';
import { oneOf } from '../../contract/validate.ts';

export function unsupportedFormat(accepted: readonly Format[], came: string | undefined): RequestError {
  return new RequestError(
    'unsupported_format',
    `Expected an image in ${oneOf(accepted)} but received ${came ?? 'something else'}`,
    { parameter: 'image_data' },
  );
}

/** Maps errors of sharp; the request was validated, so the image is at fault. */
export function undecodable(format: Format, cause: unknown, parameter?: string): RequestError {
  // sharp's line ends with a colon if the codec's follows.
  const [first = '', second = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  const reason = first.endsWith(':') && second ? `${first} ${second}` : first;
  return new RequestError(
    'unprocessable_image',
    `Expected a whole ${format} image but it cannot be decoded: ${reason}`,
    { cause, ...(parameter === undefined ? {} : { parameter }) },
  );
}

export function tooManyPixels(maxPixels: number, came: string): RequestError {
  return new RequestError(
    'unprocessable_image',
    `Expected an image of at most ${maxPixels} pixels but received ${came}`,
  );
}

export function tooManyFrames(maxFrames: number, came: number): RequestError {
  return new RequestError(
    'unprocessable_image',
    `Expected an image of at most ${maxFrames} frames but received ${came}`,
  );
}
