import { RequestError } from '../../contract/errors.ts';
import type { OutputFormat } from '../../contract/formats.ts';
import type { StageTiming } from '../../contract/lane-report.ts';
import type { Parameters } from '../../contract/parameters.ts';
import { Stages } from '../stages.ts';
import { checkPlan } from './check-plan.ts';
import { withColourProfile } from './colour/source-colour.ts';
import { tolerateWarnings } from './decoder-warnings.ts';
import { type Encoded, encode } from './encode.ts';
import { undecodable } from './errors.ts';
import { type Level, levelOf, writeLevel } from './level.ts';
import { runSteps } from './pipeline.ts';
import { createPlan, type Plan } from './plan.ts';
import type { SourceImage } from './source-image.ts';
import { renderAtOutputSize } from './svg/render-at-output-size.ts';

export interface TransformedImage extends Encoded {
  format: OutputFormat;
  /** Timings of this transformation alone. */
  stages: StageTiming[];
}

export interface Transformation {
  source: SourceImage;
  /** Presets already expanded. */
  parameters: Parameters;
  watermark: SourceImage | undefined;
  /** Undefined for an image that is not stored. */
  stored?: StoredSource | undefined;
}

export interface StoredSource {
  imageId: string;
  /** Other results of the image, made recently or by the same request. */
  others: number;
}

/** Cache of decoded levels of stored images. */
export interface LevelCache {
  /**
   * Runs `work` on the file of a level.
   * @param write creates a missing level; undefined if it is not worth its cost
   * @returns undefined without a usable level
   * @throws RequestError thrown by `work`
   */
  use<T>(
    imageId: string,
    level: Level,
    write: ((path: string) => Promise<void>) | undefined,
    work: (path: string) => Promise<T>,
  ): Promise<T | undefined>;
}

export interface TransformOptions {
  levels?: LevelCache | undefined;
  stages?: Stages;
}

/**
 * Transforms an image, from a cached level where there is one.
 * @param maxPixels limit of the result, all frames together
 * @throws RequestError `invalid_request` for an impossible result, `unprocessable_image` for a damaged source
 */
export async function transform(
  { source, parameters, watermark, stored }: Transformation,
  maxPixels: number,
  { levels, stages = new Stages() }: TransformOptions = {},
): Promise<TransformedImage> {
  const plan = createPlan(source, parameters, { maxPixels, watermark, stages });
  checkPlan(plan);
  try {
    const encoded =
      (stored && levels && (await transformFromLevel(plan, stored, levels))) ??
      (await tolerateWarnings((failOn) => transformFromSource(withFailOn(plan, failOn))));
    return { ...encoded, format: plan.format, stages: stages.drain() };
  } catch (error) {
    const isMapped = error instanceof RequestError;
    const mapped = isMapped ? error : undecodable(source.format, error);
    mapped.stage = stages.failed ?? mapped.stage ?? (isMapped ? 'check' : 'decode');
    throw mapped;
  }
}

/** @returns undefined without a usable level */
async function transformFromLevel(
  plan: Plan,
  { imageId, others }: StoredSource,
  levels: LevelCache,
): Promise<Encoded | undefined> {
  const level = levelOf(plan);
  if (level === undefined) return undefined;
  const { source } = withFailOn(plan, 'warning');
  const write = (path: string) => plan.stages.run('decode', () => writeLevel(source, level, path));
  return levels.use(imageId, level, others >= level.minOthers ? write : undefined, (path) =>
    // Only the watermark is still decoded from its file.
    tolerateWarnings(async (failOn) => {
      const fromLevel = { ...withFailOn(plan, failOn), level: path };
      return encode(await runSteps(fromLevel), fromLevel);
    }),
  );
}

function withFailOn(plan: Plan, failOn: SourceImage['failOn']): Plan {
  const { source, watermark } = plan;
  return { ...plan, source: { ...source, failOn }, watermark: watermark && { ...watermark, failOn } };
}

async function transformFromSource(plan: Plan): Promise<Encoded> {
  const rendered = await renderAtOutputSize(plan);
  const profiled = { ...rendered, source: await withColourProfile(rendered.source, plan.page) };
  return encode(await runSteps(profiled), profiled);
}
