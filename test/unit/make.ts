import assert from 'node:assert/strict';
import { formatNames } from '../../src/contract/formats.ts';
import type { Parameters } from '../../src/contract/parameters.ts';
import { inspect, inspectPage } from '../../src/worker/images/inspect.ts';
import { type TransformedImage, transform } from '../../src/worker/images/transform.ts';
import { distance, type Pixel, pixelsOf } from '../helpers/images.ts';

const limits = { inputFormats: formatNames, maxInputPixels: 1_000_000 };

export interface MakeOptions {
  maxPixels?: number;
  watermark?: Buffer;
}

/** Transforms an image as a worker does. */
export async function make(
  image: Buffer,
  parameters: Parameters,
  options: MakeOptions = {},
): Promise<TransformedImage> {
  const { maxPixels = limits.maxInputPixels, watermark } = options;
  const source = await inspect(image, limits);
  const page = parameters.page === undefined ? source : await inspectPage(source, parameters.page, limits);
  const overlay = watermark && (await inspect(watermark, limits));
  return transform({ source: page, parameters, watermark: overlay }, maxPixels);
}

/** Asserts the size, and the colours at some points: `[[x, y], colour]`. */
export async function assertPicture(
  { bytes, width, height }: TransformedImage,
  size: [number, number],
  points: [at: [number, number], colour: Pixel][],
  within = 12,
): Promise<void> {
  assert.deepEqual([width, height], size);
  const { at } = await pixelsOf(bytes);
  for (const [[x, y], colour] of points) {
    assert.ok(distance(colour, at(x, y)) <= within, `${colour} at ${x},${y}, but it is ${at(x, y)}`);
  }
}
