import { received } from '../../contract/error-text.ts';
import { RequestError } from '../../contract/errors.ts';
import type { Upload } from './index-lines.ts';

const encoding = 'base64url';
const idBytes = 32;
const uploadBytes = idBytes + 12;

/** Encodes the last id of a page. */
export function encodeIdCursor(imageId: string): string {
  return Buffer.from(imageId, 'hex').toString(encoding);
}

/**
 * Decodes the last id of the previous page.
 * @throws RequestError `invalid_request`
 */
export function decodeIdCursor(cursor: string): string {
  return decode(cursor, 'id', idBytes).toString('hex');
}

/** Last line of a page, and its offset in the index. */
export type UploadPosition = Upload & { offset: number };

export function encodeUploadCursor({ imageId, storedAt, offset }: UploadPosition): string {
  const bytes = Buffer.alloc(uploadBytes);
  bytes.write(imageId, 'hex');
  bytes.writeUIntBE(storedAt, idBytes, 6);
  bytes.writeUIntBE(offset, idBytes + 6, 6);
  return bytes.toString(encoding);
}

/** @throws RequestError `invalid_request` */
export function decodeUploadCursor(cursor: string): UploadPosition {
  const bytes = decode(cursor, 'newest', uploadBytes);
  return {
    imageId: bytes.toString('hex', 0, idBytes),
    storedAt: bytes.readUIntBE(idBytes, 6),
    offset: bytes.readUIntBE(idBytes + 6, 6),
  };
}

function decode(cursor: string, order: 'id' | 'newest', length: number): Buffer {
  const bytes = Buffer.from(cursor, encoding);
  if (bytes.length === length && bytes.toString(encoding) === cursor) return bytes;
  throw new RequestError(
    'invalid_request',
    `Expected next_cursor of a page with order=${order} for cursor but received ${received(cursor)}`,
    { parameter: 'cursor' },
  );
}
