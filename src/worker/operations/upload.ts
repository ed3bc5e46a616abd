import { webcrypto } from 'node:crypto';
import { RequestError } from '../../contract/errors.ts';
import { formats } from '../../contract/formats.ts';
import { checkDecodable } from '../images/check-decodable.ts';
import type { Operation, OperationContext } from './operation.ts';

export function createUpload({ config, store, images }: OperationContext): Operation<'upload'> {
  return async ({ expected_id: expected }, image, stages) => {
    const bytes = image as Buffer;
    const imageId = await sha256(bytes);
    if (expected !== undefined && expected !== imageId) {
      throw new RequestError(
        'invalid_request',
        `Expected a file whose SHA-256 is ${expected} but received ${bytes.length} bytes with ${imageId}`,
        { parameter: 'image_id' },
      );
    }
    const source = await stages.run('inspect', () => images.inspect(bytes, config));
    await stages.run('decode', () => checkDecodable(source, config.maxInputPixels));
    const { format, width, height } = source;
    const { created } = await stages.run('store', () => store.put(imageId, bytes));
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

/** Lowercase hex; webcrypto runs off the event loop. */
async function sha256(bytes: Buffer): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');
}
