import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import type { Parameters } from '../../src/contract/parameters.ts';
import {
  animation,
  blue,
  distance,
  green,
  type Pixel,
  pixelsOf,
  plain,
  quarters,
  red,
  white,
} from '../helpers/images.ts';
import { assertPicture } from './assert-picture.ts';
import { transformImage } from './transform-image.ts';

/** Transforms an image of one colour and returns its new colour. */
async function transformColour(colour: Pixel, parameters: Parameters): Promise<number[]> {
  const made = await transformImage(await plain(8, 8, colour).png().toBuffer(), parameters);
  return (await pixelsOf(made.bytes)).at(4, 4);
}

async function assertBecomes(colour: Pixel, parameters: Parameters, expected: number[], within = 3): Promise<void> {
  const actual = await transformColour(colour, parameters);
  assert.ok(distance(expected, actual) <= within, `${colour} with ${JSON.stringify(parameters)} is ${actual}`);
}

/** The sRGB transfer function (IEC 61966-2-1). */
const toLight = (value: number) => (value <= 10.31475 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
const fromLight = (light: number) => 255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055);
const grey = ([r, g, b]: Pixel) =>
  Math.round(fromLight(0.2126 * toLight(r) + 0.7152 * toLight(g) + 0.0722 * toLight(b)));

test('grayscale keeps the luminance of a colour', async () => {
  for (const colour of [red, green, blue, white, [90, 120, 30]] as Pixel[]) {
    const level = grey(colour);
    await assertBecomes(colour, { grayscale: true }, [level, level, level]);
  }
  const [r = 0, g, b, alpha] = await transformColour([200, 30, 60, 100], { grayscale: true });
  assert.deepEqual([g, b, alpha], [r, r, 100]);
});

test('negate inverts colours and keeps alpha', async () => {
  await assertBecomes([200, 30, 60], { negate: true }, [55, 225, 195], 0);
  await assertBecomes([200, 30, 60, 100], { negate: true }, [55, 225, 195, 100], 0);
});

test('threshold is black below and white from the value on, and keeps alpha', async () => {
  await assertBecomes([99, 99, 99], { threshold: 100 }, [0, 0, 0], 0);
  await assertBecomes([100, 100, 100], { threshold: 100 }, [255, 255, 255], 0);
  await assertBecomes([200, 200, 200, 50], { threshold: 100 }, [255, 255, 255, 50], 0);
});

test('saturation 0 is grey, hue rotates, brightness scales lightness', async () => {
  const [r = 0, g = 0, b = 0] = await transformColour([200, 100, 50], { saturation: 0 });
  assert.ok(Math.max(r, g, b) - Math.min(r, g, b) <= 4, `${r},${g},${b}`);
  const [turned, more] = [
    await transformColour([200, 100, 100], { hue: 120 }),
    await transformColour([200, 100, 100], { hue: 240 }),
  ];
  assert.ok(
    (turned[1] as number) > (turned[0] as number) && (turned[1] as number) > (turned[2] as number),
    String(turned),
  );
  assert.ok((more[2] as number) > (more[0] as number) && (more[2] as number) > (more[1] as number), String(more));
  await assertBecomes([200, 100, 100], { hue: -360 }, [200, 100, 100], 0);
  // CIE lightness of grey 119 is 50; twice that is white, half of it is 25, which is grey 59.
  await assertBecomes([119, 119, 119], { brightness: 2 }, [255, 255, 255], 4);
  await assertBecomes([119, 119, 119], { brightness: 0.5 }, [59, 59, 59], 3);
  await assertBecomes([119, 119, 119], { brightness: 0 }, [0, 0, 0], 1);
});

test('tint colours grey, and keeps black and white', async () => {
  const [r = 0, , b = 0] = await transformColour([128, 128, 128], { tint: '#ff8800' });
  assert.ok(r > 150 && b < 90, `${r}, ${b}`);
  await assertBecomes([0, 0, 0], { tint: 'red' }, [0, 0, 0], 3);
  await assertBecomes([255, 255, 255], { tint: 'red' }, [255, 255, 255], 3);
});

const ramp = async (from: number, to: number) => {
  const data = Buffer.from(
    Array.from({ length: 100 * 10 * 3 }, (_, i) => from + ((Math.floor(i / 3) % 100) * (to - from)) / 99),
  );
  return sharp(data, { raw: { width: 100, height: 10, channels: 3 } })
    .png()
    .toBuffer();
};

test('normalize stretches a low-contrast image to the full range', async () => {
  const { at } = await pixelsOf((await transformImage(await ramp(100, 150), { normalize: true })).bytes);
  assert.ok((at(1, 5)[0] as number) < 10 && (at(98, 5)[0] as number) > 230, `${at(1, 5)} to ${at(98, 5)}`);
});

const edge = await (await quarters(40, 40)).png().toBuffer();

test('blur mixes an edge like a Gaussian, and leaves distant pixels alone', async () => {
  const { at } = await pixelsOf((await transformImage(edge, { blur: 2 })).bytes);
  // Red next to green: half of each at the edge; half a pixel away, by the error function of 0.5 / 2.
  assert.ok(Math.abs((at(19, 5)[0] as number) - 255 * 0.599) < 12, String(at(19, 5)));
  assert.ok(Math.abs((at(20, 5)[0] as number) - 255 * 0.401) < 12, String(at(20, 5)));
  assert.ok(distance(red, at(5, 5)) <= 2);
});

test('blur, sharpen, median and watermark keep the frames of an animation apart', async () => {
  const moving = await animation('webp', 20, 20, [red, green]);
  const watermark = await plain(4, 4, blue).png().toBuffer();
  const made = await transformImage(
    moving,
    { blur: 5, sharpen: 2, median: 5, watermark: 'a'.repeat(64), watermark_position: 'left top', lossless: true },
    { watermark },
  );
  await assertPicture(
    made,
    [20, 20],
    [
      [[10, 19], red],
      [[10, 20], green],
      [[1, 1], blue],
      [[1, 21], blue],
      [[10, 39], green],
    ],
    2,
  );
});

test('sharpen makes an edge steeper', async () => {
  const soft = await sharp(await ramp(60, 190))
    .resize(100, 10)
    .composite([{ input: await plain(50, 10, [60, 60, 60]).png().toBuffer(), left: 0, top: 0 }])
    .blur(2)
    .png()
    .toBuffer();
  const before = await pixelsOf(soft);
  const after = await pixelsOf((await transformImage(soft, { sharpen: 2 })).bytes);
  const step = ({ at }: typeof before) =>
    Math.max(...Array.from({ length: 20 }, (_, x) => (at(41 + x, 5)[0] as number) - (at(40 + x, 5)[0] as number)));
  assert.ok(step(after) > step(before), `${step(after)} after ${step(before)}`);
});

test('median removes a speck and keeps an edge', async () => {
  const speck = await plain(20, 20, white)
    .composite([
      { input: await plain(1, 1, red).png().toBuffer(), left: 10, top: 10 },
      { input: await plain(5, 20, blue).png().toBuffer(), left: 0, top: 0 },
    ])
    .png()
    .toBuffer();
  await assertPicture(
    await transformImage(speck, { median: 3 }),
    [20, 20],
    [
      [[10, 10], white],
      [[4, 10], blue],
      [[5, 10], white],
    ],
    0,
  );
});

test('gamma scales in linear light: a black and white checkerboard becomes a lighter grey', async () => {
  const data = Buffer.from(
    Array.from({ length: 40 * 40 * 3 }, (_, i) => ((Math.floor(i / 3) + Math.floor(i / 120)) % 2) * 255),
  );
  const checks = await sharp(data, { raw: { width: 40, height: 40, channels: 3 } })
    .png()
    .toBuffer();
  const half = { width: 10, height: 10 };
  await assertPicture(
    await transformImage(checks, half),
    [10, 10],
    [
      [
        [5, 5],
        [128, 128, 128],
      ],
    ],
  );
  const lit = Math.round(255 * 0.5 ** (1 / 2.2));
  await assertPicture(
    await transformImage(checks, { ...half, gamma: 2.2 }),
    [10, 10],
    [
      [
        [5, 5],
        [lit, lit, lit],
      ],
    ],
  );
  // Gamma applies to the scaling only, not to later steps.
  await assertPicture(
    await transformImage(checks, { ...half, gamma: 2.2, negate: true }),
    [10, 10],
    [
      [
        [5, 5],
        [255 - lit, 255 - lit, 255 - lit],
      ],
    ],
  );
});

test('colour effects do not change the background or padding', async () => {
  const clear = await plain(20, 20, [255, 0, 0, 0]).png().toBuffer();
  const made = await transformImage(clear, {
    negate: true,
    blur: 1,
    grayscale: true,
    pad: '5',
    background: '#ff0000',
    format: 'jpeg',
  });
  await assertPicture(
    made,
    [30, 30],
    [
      [[2, 2], red],
      [[15, 15], red],
    ],
    4,
  );
});
