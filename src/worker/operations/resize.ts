import { RequestError } from '../../contract/errors.ts';
import { formats } from '../../contract/formats.ts';
import { type Parameters, pickParameters } from '../../contract/parameters.ts';
import { withPreset } from '../../contract/presets.ts';
import { inspect, inspectPage, type SourceImage } from '../images/inspect.ts';
import { transform } from '../images/transform.ts';
import { givenImage } from './given-image.ts';
import type { Operation, OperationContext } from './operation.ts';

export function createResize({ config, store }: OperationContext): Operation<'resize'> {
  return async (request, given) => {
    const parameters = withPreset(pickParameters(request), config.presets);
    const { bytes } = await givenImage(store, request, given);
    const image = await inspect(bytes, config);
    const source = parameters.page === undefined ? image : await inspectPage(image, parameters.page, config);
    const made = await transform(source, parameters, config.maxInputPixels, await watermarkOf(parameters));
    const { format, width, height } = made;
    return {
      fields: { format, media_type: formats[format].mediaType, width, height, size: made.bytes.length },
      image: made.bytes,
    };
  };

  async function watermarkOf({ watermark }: Parameters): Promise<SourceImage | undefined> {
    if (watermark === undefined) return undefined;
    try {
      const { bytes } = await store.read(watermark);
      return await inspect(bytes, config);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      throw new RequestError(error.code, `${error.message}, for watermark`, { parameter: 'watermark', cause: error });
    }
  }
}
