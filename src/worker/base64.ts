import { dataUriPrefix } from '../contract/data-uri.ts';
import { received } from '../contract/error-text.ts';
import { RequestError } from '../contract/errors.ts';

/**
 * Decodes base64 or base64url, padding and line breaks optional, or a data: URI.
 * @throws RequestError `invalid_request`
 */
export function decodeImageData(text: string): Buffer {
  const body = text.slice(dataUriPrefix(text));
  const bytes = decode(body) ?? decode(body.replace(/\s+/g, ''));
  if (bytes === undefined) throw notBase64(text);
  return bytes;
}

/**
 * Decodes base64 from the raw content of a JSON string, which may hold escapes.
 * @throws RequestError `invalid_request`
 */
export function decodeBase64Frame(frame: Buffer): Buffer {
  const text = frame.toString();
  return decodeImageData(text.includes('\\') ? unescapeJson(text) : text);
}

function unescapeJson(text: string): string {
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

/** @returns undefined if invalid: Buffer.from skips invalid characters, and the shorter result is cheap to detect */
function decode(text: string): Buffer | undefined {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.length - padding;
  if (digits % 4 === 1 || (padding > 0 && text.length % 4 !== 0)) return undefined;
  // Beyond Latin-1, Buffer.from reads only the low byte: Ł decodes like A.
  if (Buffer.byteLength(text) !== text.length) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === Math.floor((digits * 3) / 4) ? bytes : undefined;
}
