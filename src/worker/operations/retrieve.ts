import { RequestError } from '../../contract/errors.ts';
import { type Format, formatNames, formats } from '../../contract/formats.ts';
import type { LaneRequest } from '../../contract/lane.ts';
import { unsupportedFormat } from '../images/errors.ts';
import { headLength, sniff, svgHeadLength } from '../images/sniff.ts';
import type { ByteRange, OpenImage } from '../store/store.ts';
import type { Operation, OperationContext } from './operation.ts';

type Read = (part: ByteRange) => Promise<Buffer>;
type Range = NonNullable<LaneRequest<'retrieve'>['range']>;

export function createRetrieve({ store }: OperationContext): Operation<'retrieve'> {
  return async ({ image_id: imageId, offset = 0, length, range }, _image, stages, signal) => {
    const image = await stages.run('store', () => store.open(imageId, signal));
    const read: Read = (part) => stages.run('store', () => image.read(part));
    try {
      if (range !== undefined) return await retrieveRange(image, read, range);
      return await retrievePart(image, read, { offset, ...(length === undefined ? {} : { length }) });
    } finally {
      image.close();
    }
  };

  async function retrievePart({ size }: OpenImage, read: Read, part: ByteRange & { offset: number }) {
    const { offset } = part;
    if (offset > size) {
      throw new RequestError(
        'invalid_request',
        `Expected an integer from 0 to ${size} for offset but received ${offset}`,
        { parameter: 'offset' },
      );
    }
    const bytes = await read(part);
    const holdsHead = offset === 0 && bytes.length >= Math.min(svgHeadLength, size);
    const format = await formatOf(read, holdsHead ? bytes : await readHead(read));
    return { fields: { format, media_type: formats[format].mediaType, size }, image: bytes };
  }

  async function retrieveRange({ size }: OpenImage, read: Read, { first, last = Number.POSITIVE_INFINITY }: Range) {
    const offset = first === undefined ? Math.max(0, size - last) : Math.min(first, size);
    const end = first === undefined ? size : Math.min(last + 1, size);
    const bytes = await read({ offset, length: Math.max(0, end - offset) });
    const format = await formatOf(read, await readHead(read));
    return { fields: { format, media_type: formats[format].mediaType, size, offset }, image: bytes };
  }

  function readHead(read: Read, length = headLength) {
    return read({ length });
  }

  async function formatOf(read: Read, head: Buffer): Promise<Format> {
    const known = sniff(head) ?? (head.length < headLength ? undefined : sniff(await readHead(read, svgHeadLength)));
    if (known === undefined) throw unsupportedFormat(formatNames, undefined);
    return known;
  }
}
