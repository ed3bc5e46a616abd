import { RequestError } from '../../contract/errors.ts';
import { formats } from '../../contract/formats.ts';
import { checkImageSize } from '../../contract/messages.ts';
import { checkDecodable } from '../images/check-decodable.ts';
import { sha256 } from '../sha256.ts';
import type { Operation, OperationContext } from './operation.ts';

export function createUpload({ config, store, images }: OperationContext): Operation<'upload'> {
  return async ({ expected_id: expected, max_bytes: maxBytes, formats: allowed }, image, stages, signal) => {
    const bytes = image as Buffer;
    if (maxBytes !== undefined) checkImageSize(bytes.length, maxBytes);
    const imageId = await sha256(bytes);
    if (expected !== undefined && expected !== imageId) {
      throw new RequestError(
        'invalid_request',
        `Expected a file whose SHA-256 is ${expected} but received ${bytes.length} bytes with ${imageId}`,
        { parameter: 'image_id' },
      );
    }
    const inputFormats = config.inputFormats.filter((format) => allowed?.includes(format) ?? true);
    const source = await stages.run('inspect', () => images.inspect(bytes, { ...config, inputFormats }));
    await stages.run('decode', () => checkDecodable(source, config.maxInputPixels));
    const { format, width, height } = source;
    const { created } = await stages.run('store', () => store.put(imageId, bytes, signal));
    return {
      fields: {
        image_id: imageId,
        created,
        format,
        media_type: formats[format].mediaType,
        width,
        height,
        size: bytes.length,
      },
    };
  };
}
