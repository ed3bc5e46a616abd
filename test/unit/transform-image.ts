import { formatNames } from '../../src/contract/formats.ts';
import type { Parameters } from '../../src/contract/parameters.ts';
import { inspect, inspectPage } from '../../src/worker/images/inspect.ts';
import { type TransformedImage, transform } from '../../src/worker/images/transform.ts';

export const limits = { inputFormats: formatNames, maxInputPixels: 30_000_000 };

export interface TransformOptions {
  /** Limit of what is read. */
  maxInputPixels?: number;
  /** Limit of what is rendered; default: the same. */
  maxPixels?: number;
  watermark?: Buffer | undefined;
}

/** Transforms an image as a worker does, in this process. */
export async function transformImage(
  image: Buffer,
  parameters: Parameters,
  options: TransformOptions = {},
): Promise<TransformedImage> {
  const { maxInputPixels = limits.maxInputPixels, maxPixels = maxInputPixels, watermark } = options;
  const inputLimits = { ...limits, maxInputPixels };
  const source = await inspect(image, inputLimits);
  const page = parameters.page === undefined ? source : await inspectPage(source, parameters.page, inputLimits);
  const overlay = watermark && (await inspect(watermark, limits));
  return transform({ source: page, parameters, watermark: overlay }, maxPixels);
}
