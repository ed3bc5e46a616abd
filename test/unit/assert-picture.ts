import assert from 'node:assert/strict';
import type { TransformedImage } from '../../src/worker/images/transform.ts';
import { distance, type Pixel, pixelsOf } from '../helpers/images.ts';

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
