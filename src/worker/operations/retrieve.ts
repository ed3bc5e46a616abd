import { RequestError } from '../../contract/errors.ts';
import { formatNames, formats } from '../../contract/formats.ts';
import { unsupportedFormat } from '../images/errors.ts';
import { headLength, sniff } from '../images/sniff.ts';
import type { Operation, OperationContext } from './operation.ts';

export function createRetrieve({ store }: OperationContext): Operation<'retrieve'> {
  return async ({ image_id, offset = 0, length = Number.POSITIVE_INFINITY }) => {
    const { bytes, size } = await store.read(image_id, { offset, length });
    if (offset > size) {
      throw new RequestError(
        'invalid_request',
        `Expected an integer from 0 to ${size} for offset but received ${offset}`,
        {
          parameter: 'offset',
        },
      );
    }
    const holdsHead = offset === 0 && bytes.length >= Math.min(headLength, size);
    const format = sniff(holdsHead ? bytes : (await store.read(image_id, { length: headLength })).bytes);
    if (format === undefined) throw unsupportedFormat(formatNames, undefined);
    return { fields: { format, media_type: formats[format].mediaType, size }, image: bytes };
  };
}
