import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import { type Pixel, plain, red, white } from '../helpers/images.ts';
import { assertPicture } from './assert-picture.ts';
import { transformImage } from './transform-image.ts';

const black: Pixel = [0, 0, 0];

/** A frame of one pixel around the middle. */
async function outlined(): Promise<Sharp> {
  const outer = await plain(20, 14, black).png().toBuffer();
  const inner = await plain(18, 12, white).png().toBuffer();
  const image = plain(40, 30, white).composite([
    { input: outer, left: 6, top: 5 },
    { input: inner, left: 7, top: 6 },
  ]);
  return sharp(await image.png().toBuffer());
}

const outlines: Record<string, (image: Sharp) => Sharp> = {
  PNG: (image) => image.png(),
  GIF: (image) => image.gif(),
  'lossless WebP': (image) => image.webp({ lossless: true }),
  'TIFF with LZW': (image) => image.tiff({ compression: 'lzw' }),
  'PNG of 16 bits': (image) => image.toColourspace('rgb16').png(),
  'PNG with alpha': (image) => image.ensureAlpha().png(),
};

for (const [format, encode] of Object.entries(outlines)) {
  test(`trim keeps one-pixel lines in ${format}`, async () => {
    const image = await encode(await outlined()).toBuffer();
    await assertPicture(await transformImage(image, { trim: true, format: 'png' }), [20, 14], [[[0, 0], black]]);
  });
}

test('trim keeps one-pixel lines in SVG', async () => {
  const rectangle = '<rect x="6.5" y="5.5" width="19" height="13" fill="none" stroke="black"/>';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30">${rectangle}</svg>`;
  const made = await transformImage(Buffer.from(svg), { trim: true, width: 200, format: 'png' });
  await assertPicture(made, [200, 140], [[[3, 3], black]]);
});

test('trim ignores compression artefacts in lossy formats', async () => {
  const specks = { input: Buffer.from([90, 90, 90]), raw: { width: 1, height: 1, channels: 3 as const } };
  const image = await plain(40, 30, white)
    .composite([
      { input: await plain(20, 14, red).png().toBuffer(), left: 6, top: 5 },
      { ...specks, left: 1, top: 1 },
    ])
    .png()
    .toBuffer();
  const lossy: ((image: Sharp) => Sharp)[] = [
    (image) => image.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }),
    (image) => image.webp({ quality: 100 }),
    (image) => image.tiff({ compression: 'jpeg', quality: 100 }),
  ];
  for (const encode of lossy) {
    const { width } = await transformImage(await encode(sharp(image)).toBuffer(), { trim: true, trim_threshold: 60 });
    assert.ok(width <= 22, `${width}`);
  }
  assert.equal((await transformImage(image, { trim: true })).width, 25);
});

test('trim handles images of any size', async () => {
  for (const [width, height] of [
    [1, 1],
    [2, 2],
    [2, 9],
    [9, 1],
    [3, 3],
  ] as const) {
    for (const format of ['png', 'jpeg'] as const) {
      const made = await transformImage(await plain(width, height, red).toFormat(format).toBuffer(), { trim: true });
      assert.deepEqual([made.width, made.height], [width, height]);
    }
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"/>`;
    assert.equal((await transformImage(Buffer.from(svg), { trim: true, width: 8, format: 'png' })).width, 8);
  }
});
