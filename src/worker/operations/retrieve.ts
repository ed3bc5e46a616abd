import { checkOffset, resolveByteRange } from '../../contract/byte-range.ts';
import { type Format, formatNames, formats } from '../../contract/formats.ts';
import type { LaneRequest } from '../../contract/lane.ts';
import { unsupportedFormat } from '../images/errors.ts';
import { headLength, sniff, svgHeadLength } from '../images/sniff.ts';
import type { OpenImage } from '../store/store.ts';
import type { Operation, OperationContext } from './operation.ts';

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
    checkOffset(size, part);
    if (format === undefined) throw unsupportedFormat(formatNames, undefined);
    const fields = { format, media_type: formats[format].mediaType, size };
    return { fields: request.range === undefined ? fields : { ...fields, offset: part.offset }, image: bytes };
  };

  async function readPart(image: OpenImage, request: LaneRequest<'retrieve'>) {
    const { size } = image;
    const part = resolveByteRange(size, request);
    const bytes = await image.read(part);
    const holdsHead = part.offset === 0 && bytes.length >= Math.min(svgHeadLength, size);
    const format = await formatOf(image, holdsHead ? bytes : await image.read({ length: headLength }));
    return { size, part, bytes, format };
  }

  async function formatOf(image: OpenImage, head: Buffer): Promise<Format | undefined> {
    return sniff(head) ?? (head.length < headLength ? undefined : sniff(await image.read({ length: svgHeadLength })));
  }
}
