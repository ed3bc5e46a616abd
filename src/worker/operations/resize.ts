import { RequestError } from '../../contract/errors.ts';
import { formats } from '../../contract/formats.ts';
import type { LaneRequest } from '../../contract/lane.ts';
import { type Parameters, pickParameters } from '../../contract/parameters.ts';
import { withPreset } from '../../contract/presets.ts';
import { parameterSets } from '../../contract/variants.ts';
import { chooseFormat } from '../images/choose-format.ts';
import type { SourceImage } from '../images/inspect.ts';
import type { MadeImage, Transformation } from '../images/transform.ts';
import type { Stages } from '../stages.ts';
import type { Operation, OperationContext } from './operation.ts';

type Accept = LaneRequest<'resize'>['accept'];

export function createResize({ config, sources, images }: OperationContext): Operation<'resize'> {
  return async (request, given, stages, signal) => {
    const sets = request.variants === undefined ? [pickParameters(request)] : parameterSets(request);
    const expanded = sets.map((set) => withPreset(set, config.presets));
    const source = await (given === undefined
      ? sources.get(request.image_id as string, stages, signal)
      : stages.run('inspect', () => images.inspect(given, config)));
    const wanted: Transformation[] = [];
    for (const set of expanded) wanted.push(await prepare(source, set, request.accept, stages, signal));
    if (request.variants !== undefined) {
      const made = await stages.adopt(
        () => images.transformAll(wanted, config.maxInputPixels),
        (all) => all.flatMap((one) => one.stages),
      );
      return { fields: { variants: made.map(describe) }, images: made.map((one) => one.bytes) };
    }
    const made = await stages.adopt(
      () => images.transform(wanted[0] as Transformation, config.maxInputPixels),
      (one) => one.stages,
    );
    return { fields: describe(made), image: made.bytes };
  };

  /** Page, watermark, and the format for `auto`. */
  async function prepare(
    source: SourceImage,
    set: Parameters,
    accept: Accept,
    stages: Stages,
    signal: AbortSignal | undefined,
  ): Promise<Transformation> {
    const { page } = set;
    const from =
      page === undefined ? source : await stages.run('inspect', () => images.inspectPage(source, page, config));
    const isChosen = set.format === 'auto' && accept !== undefined;
    const parameters = isChosen ? { ...set, format: chooseFormat(accept, from, set) } : set;
    return { source: from, parameters, watermark: await watermarkOf(parameters, stages, signal) };
  }

  async function watermarkOf(
    { watermark }: Parameters,
    stages: Stages,
    signal: AbortSignal | undefined,
  ): Promise<SourceImage | undefined> {
    if (watermark === undefined) return undefined;
    try {
      return await sources.get(watermark, stages, signal);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      throw new RequestError(error.code, `${error.message}, for watermark`, {
        parameter: 'watermark',
        cause: error,
      });
    }
  }
}

function describe({ format, width, height, bytes }: MadeImage) {
  return { format, media_type: formats[format].mediaType, width, height, size: bytes.length };
}
