import { dataUriPrefix } from '../contract/data-uri.ts';
import { RequestError } from '../contract/errors.ts';
import { received } from '../contract/validate.ts';

/**
 * Base64 or base64url, padding and line breaks optional, or a data: URI.
 * @throws RequestError `invalid_request`
 */
export function decodeImageData(text: string): Buffer {
  const body = text.slice(dataUriPrefix(text));
  const bytes = decode(body) ?? decode(body.replace(/\s+/g, ''));
  if (bytes === undefined) throw notBase64(text);
  return bytes;
}

/**
 * The content of a JSON string, escapes included.
 * @throws RequestError `invalid_request`
 */
export function decodeBase64Frame(frame: Buffer): Buffer {
  const text = frame.toString();
  return decodeImageData(text.includes('\\') ? unescaped(text) : text);
}

function unescaped(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    throw notBase64(text);
  }
}

function notBase64(text: string): RequestError {
  return new RequestError('invalid_request', `Expected base64 for image_data but received ${received(text)}`, {
    parameter: 'image_data',
  });
}

/** Buffer.from skips invalid characters; a wrong length reveals them cheaply. */
function decode(text: string): Buffer | undefined {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.length - padding;
  if (digits % 4 === 1 || (padding > 0 && text.length % 4 !== 0)) return undefined;
  // Buffer.from takes only the low byte beyond Latin-1: Ł reads as A.
  if (Buffer.byteLength(text) !== text.length) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === Math.floor((digits * 3) / 4) ? bytes : undefined;
}
