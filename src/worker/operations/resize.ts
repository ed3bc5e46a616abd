import { formats } from '../../contract/formats.ts';
import { pickParameters } from '../../contract/parameters.ts';
import { parameterSets } from '../../contract/variants.ts';
import type { MadeImage } from '../images/transform.ts';
import { givenImage } from './given-image.ts';
import type { Operation, OperationContext } from './operation.ts';

export function createResize({ config, store, images }: OperationContext): Operation<'resize'> {
  return async (request, given) => {
    const { bytes } = await givenImage(store, request, given);
    const source = await images.inspect(bytes, config);
    if (request.variants !== undefined) {
      const made = await images.transformAll(source, parameterSets(request), config.maxInputPixels);
      return { fields: { variants: made.map(describe) }, images: made.map((one) => one.bytes) };
    }
    const made = await images.transform(source, pickParameters(request), config.maxInputPixels);
    return { fields: describe(made), image: made.bytes };
  };
}

function describe({ format, width, height, bytes }: MadeImage) {
  return { format, media_type: formats[format].mediaType, width, height, size: bytes.length };
}
