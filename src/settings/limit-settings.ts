import { formatNames } from '../contract/formats.ts';
import { Type } from '../contract/typebox.ts';
import { milliseconds, positiveInteger } from './setting.ts';

/** Maximum size in bytes that Node.js can hash in one call. */
const maxHashedBytes = 2_147_483_647;

/** What one request, and all of them together, may take. */
export const limitSettings = {
  maxUploadBytes: positiveInteger(33_554_432, 'Maximum size of an image file in bytes.', maxHashedBytes),
  maxInputPixels: positiveInteger(
    100_000_000,
    'Maximum number of pixels decoded or produced at once: in a frame or page, or in all frames of an animation.',
  ),
  inputFormats: Type.Array(Type.Enum(formatNames), {
    minItems: 1,
    default: formatNames,
    description: 'Comma-separated formats to accept.',
  }),
  timeoutMs: milliseconds(10_000, 'Maximum duration of a request once it has arrived, in milliseconds.', 100),
  queueLimit: positiveInteger(
    256,
    'Maximum number of requests waiting for a worker, per door, separately for resize and for all other operations; any more are rejected as overloaded.',
  ),
  inflightBytes: positiveInteger(
    268_435_456,
    'Maximum total size of images in flight in bytes; any more are rejected as overloaded.',
  ),
};
