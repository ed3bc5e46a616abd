import { formatNames } from '../../src/contract/formats.ts';
import type { Parameters } from '../../src/contract/parameters.ts';
import { inspect } from '../../src/worker/images/inspect.ts';
import { type TransformedImage, transform } from '../../src/worker/images/transform.ts';

export const limits = { inputFormats: formatNames, maxInputPixels: 30_000_000 };

/** Transforms an image in this process. */
export async function transformed(
  image: Buffer,
  parameters: Parameters,
  watermark?: Buffer,
): Promise<TransformedImage> {
  const mark = watermark && (await inspect(watermark, limits));
  const source = await inspect(image, limits);
  return transform({ source, parameters, watermark: mark }, limits.maxInputPixels);
}
