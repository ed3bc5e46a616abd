import { webcrypto } from 'node:crypto';
import { formats } from '../../contract/formats.ts';
import type { Operation, OperationContext } from './operation.ts';

export function createUpload({ config, store, images }: OperationContext): Operation<'upload'> {
  return async (_request, image) => {
    const bytes = image as Buffer;
    const { format, width, height } = await images.inspect(bytes, config);
    const imageId = await sha256(bytes);
    const { created } = await store.put(imageId, bytes);
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

/** In lowercase hex; webcrypto computes off the event loop. */
async function sha256(bytes: Buffer): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');
}
