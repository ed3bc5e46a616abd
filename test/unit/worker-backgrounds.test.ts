import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Parameters } from '../../src/contract/parameters.ts';
import { distance, pixelsOf } from '../helpers/images.ts';
import { draw, sourceKinds } from '../helpers/source-kinds.ts';
import { transformImage } from './transform-image.ts';

const effects: Record<string, Parameters> = {
  none: {},
  gamma: { gamma: 2.2 },
  grayscale: { grayscale: true },
  median: { median: 3 },
  threshold: { threshold: 128 },
  blur: { blur: 2 },
  modulate: { brightness: 0.6, saturation: 1.5, hue: 90 },
  sharpen: { sharpen: 2 },
  normalize: { normalize: true },
  tint: { tint: '#ff8800' },
  negate: { negate: true },
};

/** Each adds background at the top left, more than blur reaches into. */
const additions: Record<string, Parameters> = {
  contain: { width: 60, height: 30, fit: 'contain' },
  pad: { pad: '12' },
  rotate: { rotate: 45, width: 60, height: 60, fit: 'fill' },
};

const backgrounds = { '#2040ff': [32, 64, 255, 255], 'rgb(255 136 0 / 10%)': [255, 136, 0, 26] };

for (const [kind, image] of Object.entries(sourceKinds)) {
  test(`${kind}: bars, padding and corners show the background with each effect`, async () => {
    const source = await image();
    const format = kind === 'animated' ? 'webp' : 'png';
    for (const [effect, parameters] of Object.entries(effects)) {
      for (const [addition, geometry] of Object.entries(additions)) {
        for (const [background, colour] of Object.entries(backgrounds)) {
          const made = await transformImage(source, { ...geometry, ...parameters, background, format, lossless: true });
          const { at, channels } = await pixelsOf(made.bytes);
          assert.deepEqual(at(1, 1), colour.slice(0, channels), `${addition}, ${effect}, ${background}`);
          assert.ok(channels === 4 || colour[3] === 255);
        }
      }
    }
  });

  test(`${kind}: effects change the image the same with and without bars`, async () => {
    const source = await image();
    const format = kind === 'animated' ? 'webp' : 'png';
    for (const [effect, parameters] of Object.entries(effects)) {
      const alone = await pixelsOf((await transformImage(source, { ...parameters, format, lossless: true })).bytes);
      const padded = await pixelsOf(
        (await transformImage(source, { ...parameters, pad: '5,0,0,7', background: 'red', format, lossless: true }))
          .bytes,
      );
      for (const [x, y] of [
        [0, 0],
        [20, 15],
        [39, 29],
      ] as const) {
        const [inside, outside] = [padded.at(x + 7, y + 5), alone.at(x, y)];
        assert.ok(distance(outside, inside) <= 1, `${effect}: ${outside} became ${inside}`);
      }
    }
  });
}

test('flattens transparency onto the background in a format without alpha', async () => {
  const greyHalf = await draw(8, 8, 2, () => [200, 128])
    .toColourspace('b-w')
    .png()
    .toBuffer();
  const background = '#2040ff';
  const { at } = await pixelsOf((await transformImage(greyHalf, { format: 'jpeg', quality: 100, background })).bytes);
  const expected = [32, 64, 255].map((below) => (200 * 128 + below * 127) / 255);
  assert.ok(distance(at(4, 4), expected) <= 2, String(at(4, 4)));
});

test('white of CMYK with 16 bits is white', async () => {
  const source = (await sourceKinds['CMYK of 16 bits']?.()) as Buffer;
  for (const parameters of [{}, { lossless: true }, { width: 20 }, { negate: true }] as Parameters[]) {
    const { at } = await pixelsOf((await transformImage(source, { format: 'png', ...parameters })).bytes);
    assert.deepEqual(at(1, 1), parameters.negate ? [0, 0, 0] : [255, 255, 255], JSON.stringify(parameters));
  }
});

test('the background is white by default', async () => {
  const hole = await draw(8, 8, 4, () => [0, 0, 0, 0])
    .png()
    .toBuffer();
  assert.deepEqual((await pixelsOf((await transformImage(hole, { format: 'jpeg' })).bytes)).at(4, 4), [255, 255, 255]);
});

test("a rotated image keeps its own alpha beside the background's", async () => {
  const half = await draw(40, 40, 4, () => [200, 0, 0, 128])
    .png()
    .toBuffer();
  const { at } = await pixelsOf((await transformImage(half, { rotate: 45, background: 'lime' })).bytes);
  assert.deepEqual(at(1, 1), [0, 255, 0, 255]);
  assert.ok(distance(at(28, 28), [200, 0, 0, 128]) <= 1, String(at(28, 28)));
});

test('a rotated image has no dark fringe at its edges', async () => {
  const white = await draw(40, 40, 3, () => [255, 255, 255])
    .png()
    .toBuffer();
  const { at, width, height } = await pixelsOf(
    (await transformImage(white, { rotate: 30, background: 'white' })).bytes,
  );
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) assert.ok(distance(at(x, y), [255, 255, 255]) <= 1, `${x}, ${y}: ${at(x, y)}`);
  }
});
