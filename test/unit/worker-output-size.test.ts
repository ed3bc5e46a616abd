import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalParameters, type Parameters } from '../../src/contract/parameters.ts';
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
  test(`predicts sharp's output size for ${source.width} x ${source.height}`, async () => {
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
  test(`computes the output size of 400 x 300 with ${JSON.stringify(parameters)}`, () => {
    const { width, height } = outputSize(parameters, { width: 400, height: 300 });
    assert.deepEqual({ width, height }, expected);
  });
}

test('returns the scaled size before cover crops it', () => {
  const { scaled } = outputSize({ width: 100, height: 100 }, { width: 1, height: 1000 });
  assert.deepEqual(scaled, { width: 100, height: 100_000 });
});

/** Output sizes by device pixel ratio. */
const srcsets: {
  parameters: Parameters;
  source: { width: number; height: number };
  sizes: Record<number, number[]>;
}[] = [
  {
    parameters: { width: 200, height: 200, enlarge: false },
    source: { width: 300, height: 400 },
    sizes: { 1: [200, 200], 1.25: [250, 250], 1.5: [300, 300], 2: [300, 300], 5: [300, 300] },
  },
  {
    parameters: { width: 200, height: 200, enlarge: false, fit: 'contain' },
    source: { width: 300, height: 400 },
    sizes: { 1: [200, 200], 2: [400, 400], 3: [400, 400] },
  },
  {
    parameters: { width: 200, height: 100, enlarge: false, fit: 'fill' },
    source: { width: 300, height: 400 },
    sizes: { 1: [200, 100], 1.5: [300, 150], 3: [300, 150] },
  },
  {
    parameters: { width: 200, enlarge: false },
    source: { width: 300, height: 400 },
    sizes: { 1: [200, 267], 2: [300, 400] },
  },
  {
    parameters: { width: 100, enlarge: false, fit: 'fill' },
    source: { width: 300, height: 400 },
    sizes: { 1: [100, 400], 2: [200, 400], 4: [300, 400] },
  },
  // Too small already at 1.
  {
    parameters: { width: 400, height: 200, enlarge: false },
    source: { width: 300, height: 400 },
    sizes: { 1: [300, 200], 2: [300, 200] },
  },
  {
    parameters: { width: 200, height: 200 },
    source: { width: 300, height: 400 },
    sizes: { 1: [200, 200], 2: [400, 400] },
  },
];
for (const { parameters, source, sizes: expected } of srcsets) {
  test(`${source.width} x ${source.height} with ${JSON.stringify(parameters)} has the same aspect at each dpr`, () => {
    for (const [dpr, [width, height]] of Object.entries(expected)) {
      const { scaled: _, ...size } = outputSize({ ...parameters, dpr: Number(dpr) }, source);
      assert.deepEqual(size, { width, height }, `dpr ${dpr}`);
    }
  });
}

test('the cache key distinguishes a dpr that depends on the image from a size', () => {
  const base: Parameters = { width: 200, height: 200, enlarge: false };
  const doubled = { ...base, width: 400, height: 400 };
  assert.notEqual(canonicalParameters({ ...base, dpr: 2 }), canonicalParameters(doubled));
  assert.equal(
    canonicalParameters({ ...base, enlarge: true, dpr: 2 }),
    canonicalParameters({ ...doubled, enlarge: true }),
  );
});
