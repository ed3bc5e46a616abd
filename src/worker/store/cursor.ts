import { RequestError } from '../../contract/errors.ts';
import { received } from '../../contract/validate.ts';

const encoding = 'base64url';
const idBytes = 32;

/** The cursor of the page that begins after this image: the id in another spelling, so that nobody builds one by hand. */
export function cursorAfter(imageId: string): string {
  return Buffer.from(imageId, 'hex').toString(encoding);
}

/**
 * The image that a cursor stands behind.
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
