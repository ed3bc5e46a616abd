import { formats } from '../../contract/formats.ts';
import { pickParameters } from '../../contract/parameters.ts';
import { givenImage } from './given-image.ts';
import type { Operation, OperationContext } from './operation.ts';

export function createResize({ config, store, images }: OperationContext): Operation<'resize'> {
  return async (request, given) => {
    const { bytes } = await givenImage(store, request, given);
    const source = await images.inspect(bytes, config);
    const made = await images.transform(source, pickParameters(request), config.maxInputPixels);
    const { format, width, height } = made;
    return {
      fields: { format, media_type: formats[format].mediaType, width, height, size: made.bytes.length },
      image: made.bytes,
    };
  };
}
