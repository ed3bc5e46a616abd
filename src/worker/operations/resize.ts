import { RequestError } from '../../contract/errors.ts';
import { formats } from '../../contract/formats.ts';
import { type Parameters, pickParameters } from '../../contract/parameters.ts';
import { withPreset } from '../../contract/presets.ts';
import { parameterSets } from '../../contract/variants.ts';
import type { SourceImage } from '../images/inspect.ts';
import type { MadeImage, Wanted } from '../images/transform.ts';
import type { Operation, OperationContext } from './operation.ts';

export function createResize({ config, sources, images }: OperationContext): Operation<'resize'> {
  return async (request, given) => {
    const sets = request.variants === undefined ? [pickParameters(request)] : parameterSets(request);
    const written = sets.map((set) => withPreset(set, config.presets));
    const source = await (given === undefined
      ? sources.get(request.image_id as string)
      : images.inspect(given, config));
    const wanted: Wanted[] = [];
    for (const set of written) wanted.push(await prepare(source, set));
    if (request.variants !== undefined) {
      const made = await images.transformAll(source, wanted, config.maxInputPixels);
      return { fields: { variants: made.map(describe) }, images: made.map((one) => one.bytes) };
    }
    const made = await images.transform(wanted[0] as Wanted, config.maxInputPixels);
    return { fields: describe(made), image: made.bytes };
  };

  /** Gets what a set of parameters needs beside the image: the page, the watermark. */
  async function prepare(source: SourceImage, parameters: Parameters): Promise<Wanted> {
    const { page } = parameters;
    const from = page === undefined ? source : await images.inspectPage(source, page, config);
    return { source: from, parameters, watermark: await watermarkOf(parameters) };
  }

  async function watermarkOf({ watermark }: Parameters): Promise<SourceImage | undefined> {
    if (watermark === undefined) return undefined;
    try {
      return await sources.get(watermark);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      throw new RequestError(error.code, `${error.message}, for watermark`, { parameter: 'watermark', cause: error });
    }
  }
}

function describe({ format, width, height, bytes }: MadeImage) {
  return { format, media_type: formats[format].mediaType, width, height, size: bytes.length };
}
