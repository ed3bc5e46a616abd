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
import type { SourceImage } from './inspect.ts';
import { createJob, type Job } from './job.ts';
import { runSteps } from './pipeline.ts';
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
}

/**
 * @param maxPixels of the result, all frames
 * @throws RequestError `invalid_request` for an impossible result, `unprocessable_image` for a damaged source
 */
export async function transform(
  { source, parameters, watermark }: Transformation,
  maxPixels: number,
  stages = new Stages(),
): Promise<MadeImage> {
  const job = createJob(source, parameters, { maxPixels, watermark, stages });
  checkJob(job);
  try {
    const encoded = await pastWarnings((failOn) =>
      make({ ...job, source: { ...source, failOn }, watermark: watermark && { ...watermark, failOn } }),
    );
    return { ...encoded, format: job.format, stages: stages.take() };
  } catch (error) {
    const isMapped = error instanceof RequestError;
    const mapped = isMapped ? error : undecodable(source.format, error);
    mapped.stage = stages.failed ?? mapped.stage ?? (isMapped ? 'check' : 'decode');
    throw mapped;
  }
}

async function make(job: Job): Promise<Encoded> {
  const drawn = await drawnLarger(job);
  const inColour = { ...drawn, source: await withColour(drawn.source, job.page) };
  return encode(await runSteps(inColour), inColour);
}
