import { RequestError } from '../../contract/errors.ts';
import { type Format, formatNames, formats } from '../../contract/formats.ts';
import type { LaneRequest } from '../../contract/lane.ts';
import { unsupportedFormat } from '../images/errors.ts';
import { headLength, sniff } from '../images/sniff.ts';
import type { Operation, OperationContext } from './operation.ts';

type Range = NonNullable<LaneRequest<'retrieve'>['range']>;

export function createRetrieve({ store }: OperationContext): Operation<'retrieve'> {
  return async ({ image_id: imageId, offset = 0, length = Number.POSITIVE_INFINITY, range }) => {
    if (range !== undefined) return retrieveRange(imageId, range);
    const { bytes, size } = await store.read(imageId, { offset, length });
    if (offset > size) {
      throw new RequestError(
        'invalid_request',
        `Expected an integer from 0 to ${size} for offset but received ${offset}`,
        { parameter: 'offset' },
      );
    }
    const holdsHead = offset === 0 && bytes.length >= Math.min(headLength, size);
    const format = formatOf(holdsHead ? bytes : (await readHead(imageId)).bytes);
    return { fields: { format, media_type: formats[format].mediaType, size }, image: bytes };
  };

  async function retrieveRange(imageId: string, { first, last = Number.POSITIVE_INFINITY }: Range) {
    const { bytes: head, size } = await readHead(imageId);
    const offset = first === undefined ? Math.max(0, size - last) : Math.min(first, size);
    const end = first === undefined ? size : Math.min(last + 1, size);
    const { bytes } = await store.read(imageId, { offset, length: Math.max(0, end - offset) });
    const format = formatOf(head);
    return { fields: { format, media_type: formats[format].mediaType, size, offset }, image: bytes };
  }

  function readHead(imageId: string) {
    return store.read(imageId, { length: headLength });
  }
}

function formatOf(head: Buffer): Format {
  const format = sniff(head);
  if (format === undefined) throw unsupportedFormat(formatNames, undefined);
  return format;
}
