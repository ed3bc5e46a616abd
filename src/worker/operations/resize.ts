import { RequestError } from '../../contract/errors.ts';
import { formats } from '../../contract/formats.ts';
import type { LaneRequest } from '../../contract/lane.ts';
import { type Parameters, pickParameters } from '../../contract/parameters.ts';
import { withPreset } from '../../contract/presets.ts';
import { parameterSets } from '../../contract/variants.ts';
import { chooseFormat } from '../images/choose-format.ts';
import type { SourceImage } from '../images/source-image.ts';
import type { Transformation, TransformedImage } from '../images/transform.ts';
import type { VariantTransformation } from '../images/transform-all.ts';
import type { Stages } from '../stages.ts';
import type { StoredResult } from '../store/store.ts';
import { pipelineVersion } from '../version.ts';
import type { Operation, OperationContext } from './operation.ts';

type Accept = LaneRequest<'resize'>['accept'];

/** The request being served. */
interface Call {
  accept: Accept;
  /** Undefined for an image that is not stored. */
  imageId: string | undefined;
  /** Number of other results recently made from this image. */
  others: number;
  stages: Stages;
  signal: AbortSignal | undefined;
}

export function createResize({ config, store, sources, images, results }: OperationContext): Operation<'resize'> {
  return async (request, inlineImage, stages, signal) => {
    const { variants, accept, image_id: imageId, others = 0, tell_version: tellVersion } = request;
    const sets = variants === undefined ? [pickParameters(request)] : parameterSets(request);
    const expanded = sets.map((set) => withPreset(set, config.presets));
    const call: Call = { accept, imageId, others, stages, signal };
    const done = await findOrTransform(expanded, inlineImage, call, variants !== undefined);
    const version = tellVersion ? { version: pipelineVersion } : {};
    if (variants === undefined) {
      const [{ fields, bytes }] = done as [StoredResult];
      return { fields: { ...fields, ...version }, image: bytes };
    }
    return {
      fields: { variants: done.map(({ fields }) => fields), ...version },
      images: done.map(({ bytes }) => bytes),
    };
  };

  /** Reads the results that other nodes have stored, and makes the rest. */
  async function findOrTransform(
    sets: Parameters[],
    inlineImage: Buffer | undefined,
    call: Call,
    areVariants: boolean,
  ): Promise<StoredResult[]> {
    const done = await Promise.all(sets.map((set) => findShared(set, call)));
    if (done.includes(undefined)) {
      const source = await sourceOf(inlineImage, call);
      const missing = [...done.keys()].filter((index) => done[index] === undefined);
      const wanted: VariantTransformation[] = [];
      for (const index of missing) {
        const transformation = await prepare(source, sets[index] as Parameters, call);
        // With its format chosen, the result may be one that another node has made.
        done[index] = sets[index]?.format === 'auto' ? await findShared(transformation.parameters, call) : undefined;
        if (done[index] === undefined) wanted.push({ ...transformation, index });
      }
      const transformed = areVariants ? await transformAll(wanted, call) : await transform(wanted, call);
      for (const [position, { index, parameters }] of wanted.entries()) {
        const result = toStoredResult(transformed[position] as TransformedImage);
        done[index] = result;
        publish(parameters, result, call);
      }
    }
    return done as StoredResult[];
  }

  async function findShared(set: Parameters, call: Call): Promise<StoredResult | undefined> {
    const { imageId, stages, signal } = call;
    if (results === undefined || imageId === undefined || set.format === 'auto') return undefined;
    const found = await stages.run('store', () => results.find(imageId, set, signal));
    if (found === undefined) return undefined;
    const { watermark } = set;
    await Promise.all([
      stages.run('store', () => store.check(imageId, signal)),
      watermark && blameWatermark(stages.run('store', () => store.check(watermark, signal))),
    ]);
    return found;
  }

  function publish(parameters: Parameters, result: StoredResult, { imageId }: Call): void {
    if (imageId !== undefined)
      results?.publish(imageId, { ...parameters, ...resolvedFormat(parameters, result) }, result);
  }

  function sourceOf(inlineImage: Buffer | undefined, { imageId, stages, signal }: Call): Promise<SourceImage> {
    if (inlineImage === undefined) return sources.get(imageId as string, stages, signal);
    return stages.run('inspect', () => images.inspect(inlineImage, config));
  }

  /** Selects the page, loads the watermark, and chooses the format for `auto`. */
  async function prepare(source: SourceImage, set: Parameters, call: Call): Promise<Transformation> {
    const { page } = set;
    const { accept, imageId, others, stages } = call;
    const from =
      page === undefined ? source : await stages.run('inspect', () => images.inspectPage(source, page, config));
    const isChosen = set.format === 'auto' && accept !== undefined;
    const parameters = isChosen ? { ...set, format: chooseFormat(accept, from, set) } : set;
    const stored = imageId === undefined ? undefined : { imageId, others };
    return { source: from, parameters, watermark: await watermarkOf(parameters, call), stored };
  }

  async function watermarkOf({ watermark }: Parameters, { stages, signal }: Call): Promise<SourceImage | undefined> {
    return watermark === undefined ? undefined : blameWatermark(sources.get(watermark, stages, signal));
  }

  async function transform([wanted]: readonly VariantTransformation[], { stages }: Call): Promise<TransformedImage[]> {
    if (wanted === undefined) return [];
    return [
      await stages.runTimed(
        () => images.transform(wanted, config.maxInputPixels),
        (one) => one.stages,
      ),
    ];
  }

  function transformAll(wanted: readonly VariantTransformation[], { stages }: Call): Promise<TransformedImage[]> {
    return stages.runTimed(
      () => images.transformAll(wanted, config.maxInputPixels),
      (all) => all.flatMap((one) => one.stages),
    );
  }
}

/** Makes errors name the parameter `watermark`. */
async function blameWatermark<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    throw new RequestError(error.code, `${error.message}, for watermark`, { parameter: 'watermark', cause: error });
  }
}

function toStoredResult({ format, width, height, bytes }: TransformedImage): StoredResult {
  return { fields: { format, media_type: formats[format].mediaType, width, height, size: bytes.length }, bytes };
}

/** The format chosen for `auto`; undefined if the parameters name one. */
function resolvedFormat({ format }: Parameters, { fields }: StoredResult): Pick<Parameters, 'format'> | undefined {
  return format === 'auto' ? { format: fields.format as NonNullable<Parameters['format']> } : undefined;
}
