import type { OutputFormat } from '../../contract/formats.ts';
import type { Parameters } from '../../contract/parameters.ts';
import { checkJob } from './check-job.ts';
import { undecodable } from './errors.ts';
import type { SourceImage } from './inspect.ts';
import { createJob } from './job.ts';
import { pipeline } from './pipeline.ts';

export interface MadeImage {
  bytes: Buffer;
  format: OutputFormat;
  width: number;
  /** Pixels, of one frame. */
  height: number;
}

/**
 * Makes the image that the parameters ask for.
 * @param maxPixels most pixels of the result, all frames together
 * @throws RequestError `invalid_request` for a result that cannot be made, `unprocessable_image` for a damaged source
 */
export async function transform(source: SourceImage, parameters: Parameters, maxPixels: number): Promise<MadeImage> {
  const job = createJob(source, parameters);
  checkJob(job, maxPixels);
  const image = pipeline(job);
  try {
    const { data, info } = await image.toBuffer({ resolveWithObject: true });
    return { bytes: data, format: job.format, width: info.width, height: info.pageHeight ?? info.height };
  } catch (error) {
    throw undecodable(source.format, error);
  }
}
