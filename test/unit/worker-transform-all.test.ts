import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import type { Parameters } from '../../src/contract/parameters.ts';
import { inspect } from '../../src/worker/images/inspect.ts';
import { transform } from '../../src/worker/images/transform.ts';
import { transformAll } from '../../src/worker/images/transform-all.ts';
import { svg } from '../helpers/images.ts';
import { photo } from '../helpers/photo.ts';
import { sourceKinds } from '../helpers/source-kinds.ts';
import { limits } from './transform-image.ts';

const sources: Record<string, () => Promise<Buffer>> = {
  ...sourceKinds,
  'vector drawing': async () => svg,
  photograph: () => photo(600, 401),
  'turned photograph': async () =>
    sharp(await photo(401, 600))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer(),
};

/** Some sizes that could be derived from each other, and others that could not. */
const sets: Parameters[] = [
  { width: 160 },
  { width: 320 },
  { width: 300, format: 'webp' },
  { width: 30, height: 30 },
  { width: 20, height: 9, position: 'top' },
  { width: 120, height: 20, fit: 'contain', background: 'red' },
  { height: 15, dpr: 2 },
  { rotate: 20, width: 50 },
  { grayscale: true, tint: 'red', width: 33 },
  { blur: 2, format: 'jpeg' },
  {},
];

for (const [what, make] of Object.entries(sources)) {
  test(`${what}: variants have the same bytes as each made alone`, async () => {
    const source = await inspect(await make(), limits);
    const all = sets.map((parameters, index) => ({ index, source, parameters, watermark: undefined }));
    const made = await transformAll(all, limits.maxInputPixels);
    for (const [index, one] of all.entries()) {
      const alone = await transform(one, limits.maxInputPixels);
      assert.deepEqual({ ...made[index], stages: [] }, { ...alone, stages: [] }, JSON.stringify(one.parameters));
    }
  });
}

test('checks all variants before making any, and names the one at fault', async () => {
  const source = await inspect(await photo(60, 40), limits);
  // A damaged source would fail as soon as work starts.
  const damaged = { ...source, bytes: source.bytes.subarray(0, 700) };
  const all = [{ width: 10 }, { crop: '0,0,61,1' }].map((parameters, index) => ({
    index,
    source: damaged,
    parameters,
    watermark: undefined,
  }));
  await assert.rejects(transformAll(all, limits.maxInputPixels), {
    code: 'invalid_request',
    parameter: 'variants[1].crop',
    message: /in variants\[1\]$/,
  });
});
