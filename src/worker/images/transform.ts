import { RequestError } from '../../contract/errors.ts';
import type { OutputFormat } from '../../contract/formats.ts';
import type { StageTiming } from '../../contract/lane-report.ts';
import type { Parameters } from '../../contract/parameters.ts';
import { Stages } from '../stages.ts';
import { checkJob } from './check-job.ts';
import { withColour } from './colour/source-colour.ts';
import { pastWarnings } from './decoder-warnings.ts';
import { type Encoded, encode } from './encode.ts';
import { undecodable } from './errors.ts';
import { createJob, type Job } from './job.ts';
import { type Level, levelOf, writeLevel } from './level.ts';
import { runSteps } from './pipeline.ts';
import type { SourceImage } from './source-image.ts';
import { drawnLarger } from './svg/drawn-larger.ts';

export interface MadeImage extends Encoded {
  format: OutputFormat;
  /** Since the stages before them. */
  stages: StageTiming[];
}

export interface Transformation {
  source: SourceImage;
  /** Presets expanded. */
  parameters: Parameters;
  watermark: SourceImage | undefined;
  /** Undefined for one that is not stored. */
  stored?: StoredSource | undefined;
}

export interface StoredSource {
  imageId: string;
  /** Other results of it that were made lately, or are made with this one. */
  others: number;
}

/** Where decoded levels of stored images are kept. */
export interface LevelCache {
  /**
   * Does work on the file of a level.
   * @param write makes a missing one; undefined if it is not worth its cost
   * @returns undefined if there is none that can be used
   * @throws RequestError of the work
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
 * @param maxPixels of the result, all frames
 * @throws RequestError `invalid_request` for an impossible result, `unprocessable_image` for a damaged source
 */
export async function transform(
  { source, parameters, watermark, stored }: Transformation,
  maxPixels: number,
  { levels, stages = new Stages() }: TransformOptions = {},
): Promise<MadeImage> {
  const job = createJob(source, parameters, { maxPixels, watermark, stages });
  checkJob(job);
  try {
    const encoded =
      (stored && levels && (await makeFromLevel(job, stored, levels))) ??
      (await pastWarnings((failOn) => make(withStrictness(job, failOn))));
    return { ...encoded, format: job.format, stages: stages.take() };
  } catch (error) {
    const isMapped = error instanceof RequestError;
    const mapped = isMapped ? error : undecodable(source.format, error);
    mapped.stage = stages.failed ?? mapped.stage ?? (isMapped ? 'check' : 'decode');
    throw mapped;
  }
}

/** Undefined where there is no level to start from. */
async function makeFromLevel(
  given: Job,
  { imageId, others }: StoredSource,
  levels: LevelCache,
): Promise<Encoded | undefined> {
  const level = levelOf(given);
  if (level === undefined) return undefined;
  const { source } = withStrictness(given, 'warning');
  const write = (path: string) => given.stages.run('decode', () => writeLevel(source, level, path));
  return levels.use(imageId, level, others >= level.leastOthers ? write : undefined, (path) =>
    // Of the watermark.
    pastWarnings(async (failOn) => {
      const job = { ...withStrictness(given, failOn), level: path };
      return encode(await runSteps(job), job);
    }),
  );
}

function withStrictness(job: Job, failOn: SourceImage['failOn']): Job {
  const { source, watermark } = job;
  return { ...job, source: { ...source, failOn }, watermark: watermark && { ...watermark, failOn } };
}

async function make(job: Job): Promise<Encoded> {
  const drawn = await drawnLarger(job);
  const inColour = { ...drawn, source: await withColour(drawn.source, job.page) };
  return encode(await runSteps(inColour), inColour);
}
