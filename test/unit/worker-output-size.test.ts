import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Parameters } from '../../src/contract/parameters.ts';
import { outputSize } from '../../src/worker/images/output-size.ts';
import { plain, red } from '../helpers/images.ts';

const fits = ['cover', 'contain', 'fill', 'inside', 'outside'] as const;
const targets = [
  { width: 30 },
  { height: 90 },
  { width: 30, height: 30 },
  { width: 200, height: 20 },
  { width: 70, height: 300 },
];
const sources = [
  { width: 100, height: 50 },
  { width: 33, height: 101 },
];

for (const source of sources) {
  test(`says beforehand what sharp makes of ${source.width} x ${source.height}`, async () => {
    const image = await plain(source.width, source.height, red).png().toBuffer({ resolveWithObject: true });
    const { default: sharp } = await import('sharp');
    for (const fit of fits) {
      for (const target of targets) {
        for (const enlarge of [true, false]) {
          const { info } = await sharp(image.data)
            .resize({ ...target, fit, withoutEnlargement: !enlarge })
            .raw()
            .toBuffer({ resolveWithObject: true });
          const { width, height } = outputSize({ ...target, fit, enlarge }, source);
          const what = JSON.stringify({ ...target, fit, enlarge });
          assert.deepEqual({ width, height }, { width: info.width, height: info.height }, what);
        }
      }
    }
  });
}

const sizes: [Parameters, { width: number; height: number }][] = [
  [{}, { width: 400, height: 300 }],
  [{ width: 1 }, { width: 1, height: 1 }],
  [{ width: 800 }, { width: 800, height: 600 }],
  [
    { width: 800, enlarge: false },
    { width: 400, height: 300 },
  ],
  [
    { height: 8192, fit: 'fill' },
    { width: 400, height: 8192 },
  ],
];
for (const [parameters, expected] of sizes) {
  test(`400 x 300 with ${JSON.stringify(parameters)}`, () => {
    const { width, height } = outputSize(parameters, { width: 400, height: 300 });
    assert.deepEqual({ width, height }, expected);
  });
}

test('tells how large the image is before cover cuts it', () => {
  const { scaled } = outputSize({ width: 100, height: 100 }, { width: 1, height: 1000 });
  assert.deepEqual(scaled, { width: 100, height: 100_000 });
});
