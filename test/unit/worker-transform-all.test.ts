import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { formatNames } from '../../src/contract/formats.ts';
import type { Parameters } from '../../src/contract/parameters.ts';
import { inspect } from '../../src/worker/images/inspect.ts';
import { transform } from '../../src/worker/images/transform.ts';
import { transformAll } from '../../src/worker/images/transform-all.ts';
import { photo } from '../helpers/photo.ts';

const maxPixels = 30_000_000;
const limits = { inputFormats: formatNames, maxInputPixels: maxPixels };

const edges = Array.from(
  { length: 24 },
  (_, i) => `<path d="M0 ${i * 25}L900 ${i * 31}" stroke="#${i % 2 ? '036' : 'c20'}" stroke-width="${1 + (i % 3)}"/>`,
);
const drawing = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><rect width="900" height="600" fill="#fff"/>${edges.join('')}</svg>`,
);

const sources: Record<string, () => Promise<Buffer>> = {
  photograph: () => photo(1200, 801),
  drawing: () => sharp(drawing).png().toBuffer(),
  'drawing with alpha': () => sharp(drawing).ensureAlpha(0.5).png().toBuffer(),
  'vector drawing': async () => drawing,
  'turned photograph': async () =>
    sharp(await photo(801, 1200))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer(),
};

/** Each asks something else of the pixels that are shared. */
const lists: Record<string, Parameters[]> = {
  'far from each other': [{ width: 160 }, { width: 600 }, { width: 300 }],
  'near each other': [{ width: 300 }, { width: 310 }, { width: 320 }],
  'nearly as large as the source': [{ width: 860 }, { width: 200 }],
  'larger than the source': [{ width: 1500 }, { width: 700 }, { width: 100 }],
  'in a box': [
    { width: 300, height: 300 },
    { width: 200, height: 90, position: 'top' },
    { width: 120, height: 200, fit: 'contain', background: 'red' },
    { height: 150, dpr: 2 },
  ],
  'out of proportion': [
    { width: 400, height: 100, fit: 'fill' },
    { width: 100, height: 300, fit: 'fill' },
  ],
  'of one size': [{ width: 320 }, { width: 320, format: 'webp' }],
};

async function pixels(image: Buffer): Promise<Buffer> {
  return sharp(image).flatten({ background: '#888' }).toColourspace('srgb').raw().toBuffer();
}

/** Peak signal-to-noise ratio in decibels: 30 and more is hard to see at an edge, and 40 anywhere. */
function psnr(a: Buffer, b: Buffer): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return 10 * Math.log10((255 ** 2 * a.length) / sum);
}

for (const [what, make] of Object.entries(sources)) {
  test(`the sizes of a ${what} are those made one by one`, async () => {
    const source = await inspect(await make(), limits);
    for (const [which, list] of Object.entries(lists)) {
      const wanted = list.map((set) => ({
        source,
        // What the encoder adds is not of interest.
        parameters: { format: 'png', ...set } as Parameters,
        watermark: undefined,
      }));
      const all = await transformAll(source, wanted, maxPixels);
      for (const [index, one] of wanted.entries()) {
        const [made, alone] = [all[index], await transform(one, maxPixels)];
        assert.deepEqual([made?.width, made?.height], [alone.width, alone.height]);
        const found = psnr(await pixels(made?.bytes as Buffer), await pixels(alone.bytes));
        assert.ok(found > 36, `${which}, set ${index}: ${found} dB`);
      }
    }
  });
}
