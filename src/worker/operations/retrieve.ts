import { RequestError } from '../../contract/errors.ts';
import { type Format, formatNames, formats } from '../../contract/formats.ts';
import type { LaneRequest } from '../../contract/lane.ts';
import { unsupportedFormat } from '../images/errors.ts';
import { headLength, sniff, svgHeadLength } from '../images/sniff.ts';
import type { ByteRange, StoredBytes } from '../store/store.ts';
import type { Operation, OperationContext } from './operation.ts';

type Read = (part: ByteRange) => Promise<StoredBytes>;
type Range = NonNullable<LaneRequest<'retrieve'>['range']>;

export function createRetrieve({ store }: OperationContext): Operation<'retrieve'> {
  return async ({ image_id: imageId, offset = 0, length = Number.POSITIVE_INFINITY, range }, _image, stages) => {
    const read: Read = (part) => stages.run('store', () => store.read(imageId, part));
    if (range !== undefined) return retrieveRange(read, range);
    const { bytes, size } = await read({ offset, length });
    if (offset > size) {
      throw new RequestError(
        'invalid_request',
        `Expected an integer from 0 to ${size} for offset but received ${offset}`,
        { parameter: 'offset' },
      );
    }
    const holdsHead = offset === 0 && bytes.length >= Math.min(svgHeadLength, size);
    const format = await formatOf(read, holdsHead ? bytes : (await readHead(read)).bytes);
    return { fields: { format, media_type: formats[format].mediaType, size }, image: bytes };
  };

  async function retrieveRange(read: Read, { first, last = Number.POSITIVE_INFINITY }: Range) {
    const { bytes: head, size } = await readHead(read);
    const offset = first === undefined ? Math.max(0, size - last) : Math.min(first, size);
    const end = first === undefined ? size : Math.min(last + 1, size);
    const { bytes } = await read({ offset, length: Math.max(0, end - offset) });
    const format = await formatOf(read, head);
    return { fields: { format, media_type: formats[format].mediaType, size, offset }, image: bytes };
  }

  function readHead(read: Read, length = headLength) {
    return read({ length });
  }

  async function formatOf(read: Read, head: Buffer): Promise<Format> {
    const known =
      sniff(head) ?? (head.length < headLength ? undefined : sniff((await readHead(read, svgHeadLength)).bytes));
    if (known === undefined) throw unsupportedFormat(formatNames, undefined);
    return known;
  }
}
