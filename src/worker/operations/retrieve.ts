import { RequestError } from '../../contract/errors.ts';
import { type Format, formatNames, formats } from '../../contract/formats.ts';
import type { LaneRequest } from '../../contract/lane.ts';
import { unsupportedFormat } from '../images/errors.ts';
import { headLength, sniff, svgHeadLength } from '../images/sniff.ts';
import type { ByteRange, OpenImage } from '../store/store.ts';
import type { Operation, OperationContext } from './operation.ts';

type Part = Required<ByteRange>;

export function createRetrieve({ store }: OperationContext): Operation<'retrieve'> {
  return async (request, _image, stages, signal) => {
    const { size, part, bytes, format } = await stages.run('store', async () => {
      const image = await store.open(request.image_id, signal);
      try {
        return await readPart(image, request);
      } finally {
        image.close();
      }
    });
    if (part.offset > size) {
      throw new RequestError(
        'invalid_request',
        `Expected an integer from 0 to ${size} for offset but received ${part.offset}`,
        { parameter: 'offset' },
      );
    }
    if (format === undefined) throw unsupportedFormat(formatNames, undefined);
    const fields = { format, media_type: formats[format].mediaType, size };
    return { fields: request.range === undefined ? fields : { ...fields, offset: part.offset }, image: bytes };
  };

  async function readPart(image: OpenImage, request: LaneRequest<'retrieve'>) {
    const { size } = image;
    const part = partOf(size, request);
    const bytes = await image.read(part);
    const holdsHead = part.offset === 0 && bytes.length >= Math.min(svgHeadLength, size);
    const format = await formatOf(image, holdsHead ? bytes : await image.read({ length: headLength }));
    return { size, part, bytes, format };
  }

  function partOf(size: number, { range, offset = 0, length = size }: LaneRequest<'retrieve'>): Part {
    if (range === undefined) return { offset, length };
    const { first, last = Number.POSITIVE_INFINITY } = range;
    const start = first === undefined ? Math.max(0, size - last) : Math.min(first, size);
    const end = first === undefined ? size : Math.min(last + 1, size);
    return { offset: start, length: Math.max(0, end - start) };
  }

  async function formatOf(image: OpenImage, head: Buffer): Promise<Format | undefined> {
    return sniff(head) ?? (head.length < headLength ? undefined : sniff(await image.read({ length: svgHeadLength })));
  }
}
