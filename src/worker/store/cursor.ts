import { RequestError } from '../../contract/errors.ts';
import { received } from '../../contract/validate.ts';

const encoding = 'base64url';
const idBytes = 32;

/** Encodes a cursor: an opaque form of the last id of a page. */
export function cursorAfter(imageId: string): string {
  return Buffer.from(imageId, 'hex').toString(encoding);
}

/**
 * Decodes a cursor to the last id of the previous page.
 * @throws RequestError `invalid_request`
 */
export function imageBefore(cursor: string): string {
  const bytes = Buffer.from(cursor, encoding);
  if (bytes.length !== idBytes || bytes.toString(encoding) !== cursor) {
    throw new RequestError(
      'invalid_request',
      `Expected next_cursor of a page before for cursor but received ${received(cursor)}`,
      { parameter: 'cursor' },
    );
  }
  return bytes.toString('hex');
}
