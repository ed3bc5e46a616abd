import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Parameters } from '../../src/contract/parameters.ts';
import type { TransformedImage } from '../../src/worker/images/transform.ts';
import { animation, distance, type Pixel, pixelsOf } from '../helpers/images.ts';
import { transformImage } from './transform-image.ts';

const frames: Pixel[] = [
  [0, 0, 0, 255],
  [255, 255, 255, 255],
  [0, 0, 0, 0],
  [0, 0, 0, 255],
];

const sets: Parameters[] = [
  { width: 30 },
  { width: 47 },
  { width: 300 },
  { width: 20, height: 50 },
  { width: 47, height: 41, fit: 'fill' },
  { width: 59, height: 20, fit: 'fill' },
  { width: 200, height: 61, fit: 'fill' },
  { crop: '0,20,60,20', width: 300 },
  { crop: '0,20,60,20', width: 20 },
  { flip: true, width: 100 },
  { rotate: 90, width: 35 },
  { width: 100, gamma: 2.2 },
  { width: 35, blur: 3, median: 3, sharpen: 2 },
];

/** libwebp stores a transparent frame as a single pixel, so it scales on load only the animation of whole frames. */
const animations = {
  gif: ['gif', frames],
  'webp of smaller frames': ['webp', frames],
  'webp of whole frames': ['webp', frames.filter(([, , , alpha]) => alpha === 255)],
} as const;

for (const [kind, [format, colours]] of Object.entries(animations)) {
  for (const parameters of sets) {
    test(`frames do not bleed into each other: ${kind} after ${JSON.stringify(parameters)}`, async () => {
      const moving = await animation(format, 60, 60, [...colours]);
      await assertApart(await transformImage(moving, { ...parameters, format: 'webp', lossless: true }), colours);
    });
  }
}

test('frames do not bleed into each other if the decoder would scale to another height', async () => {
  const colours = animations['webp of whole frames'][1];
  const narrow = await animation('webp', 10, 200, [...colours]);
  await assertApart(await transformImage(narrow, { height: 5, lossless: true }), colours);
});

async function assertApart({ bytes, height }: TransformedImage, colours: readonly Pixel[]): Promise<void> {
  const stacked = await pixelsOf(bytes);
  assert.equal(stacked.height, height * colours.length);
  for (let y = 0; y < stacked.height; y += 1) {
    const [expected, actual] = [colours[Math.floor(y / height)] as Pixel, stacked.at(0, y)];
    assert.ok(distance(actual, expected) <= 1, `row ${y} of frames of ${height}: ${actual}`);
  }
}
