import { oneOf } from '../../contract/error-text.ts';
import { RequestError } from '../../contract/errors.ts';
import type { Format } from '../../contract/formats.ts';

export function unsupportedFormat(accepted: readonly Format[], actual: string | undefined): RequestError {
  return new RequestError(
    'unsupported_format',
    `Expected an image in ${oneOf(accepted)} but received ${actual ?? 'something else'}`,
    { parameter: 'image_data' },
  );
}

/** Maps an error of sharp. The request has been validated, so the image is to blame. */
export function undecodable(format: Format, cause: unknown, parameter?: string): RequestError {
  // sharp's line ends with a colon if the codec's own message follows on the next.
  const [first = '', second = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  const reason = first.endsWith(':') && second ? `${first} ${second}` : first;
  return new RequestError(
    'unprocessable_image',
    `Expected an intact ${format} image but it cannot be decoded: ${reason}`,
    { cause, ...(parameter === undefined ? {} : { parameter }) },
  );
}

export function tooManyPixels(maxPixels: number, actual: string): RequestError {
  return new RequestError(
    'unprocessable_image',
    `Expected an image of at most ${maxPixels} pixels but received ${actual}`,
  );
}

export function tooManyFrames(maxFrames: number, actual: number): RequestError {
  return new RequestError(
    'unprocessable_image',
    `Expected an image of at most ${maxFrames} frames but received ${actual}`,
  );
}

export function tooManyChunks(maxChunks: number): RequestError {
  return new RequestError(
    'unprocessable_image',
    `Expected an image file of at most ${maxChunks} chunks but received more`,
  );
}
