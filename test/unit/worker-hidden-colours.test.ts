import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import type { Parameters } from '../../src/contract/parameters.ts';
import { inspect } from '../../src/worker/images/inspect.ts';
import { distance, pixelsOf } from '../helpers/images.ts';
import { draw } from '../helpers/source-kinds.ts';
import { limits, transformImage } from './transform-image.ts';

/** A round logo with a soft edge; its transparent pixels have the hidden colour. */
function logo(hidden: [number, number, number]): ReturnType<typeof draw> {
  return draw(64, 48, 4, (x, y) => {
    const alpha = Math.min(255, Math.max(0, Math.round((16 - Math.hypot(x - 32, y - 24)) * 80)));
    return alpha === 0 ? [...hidden, 0] : [90 + ((x * 5) % 60), 100 + ((y * 7) % 40), 120, alpha];
  });
}

const everything: Record<string, Parameters> = {
  nothing: {},
  width: { width: 31 },
  enlarged: { width: 100 },
  cover: { width: 20, height: 40 },
  attention: { width: 30, height: 48, position: 'attention' },
  entropy: { width: 64, height: 30, position: 'entropy' },
  contain: { width: 80, height: 80, fit: 'contain' },
  crop: { crop: '5,5,40,30' },
  trim: { trim: true },
  rotate: { rotate: 30 },
  'rotate by a right angle': { rotate: 90, flip: true },
  pad: { pad: '3' },
  gamma: { gamma: 2.2, width: 40 },
  grayscale: { grayscale: true },
  median: { median: 5 },
  threshold: { threshold: 120 },
  blur: { blur: 2 },
  brightness: { brightness: 1.4 },
  saturation: { saturation: 2 },
  hue: { hue: 100 },
  sharpen: { sharpen: 2 },
  normalize: { normalize: true },
  tint: { tint: 'red' },
  negate: { negate: true },
  jpeg: { format: 'jpeg' },
  avif: { format: 'avif' },
  webp: { format: 'webp' },
  'lossless webp': { format: 'webp', lossless: true },
  gif: { format: 'gif' },
  tiff: { format: 'tiff' },
  'a palette': { quality: 50 },
  max_bytes: { format: 'webp', max_bytes: 1000 },
};

const containers: Record<string, (hidden: [number, number, number]) => Promise<Buffer>> = {
  png: (hidden) => logo(hidden).png().toBuffer(),
  webp: (hidden) => logo(hidden).webp({ lossless: true, exact: true }).toBuffer(),
  tiff: (hidden) => logo(hidden).tiff({ compression: 'deflate' }).toBuffer(),
};

for (const [container, write] of Object.entries(containers)) {
  for (const [what, parameters] of Object.entries(everything)) {
    test(`${what}: the result for a ${container} does not depend on the colour of transparent pixels`, async () => {
      const allParameters: Parameters = { format: 'png', ...parameters };
      const images = await Promise.all(
        (
          [
            [0, 0, 0],
            [255, 255, 255],
            [255, 0, 90],
          ] as const
        ).map((hidden) => write([...hidden])),
      );
      assert.notDeepEqual(images[0], images[1]);
      const made = await Promise.all(images.map((image) => transformImage(image, allParameters)));
      for (const { bytes } of made) assert.deepEqual(bytes, made[0]?.bytes);
    });
  }
}

test('the result with a watermark does not depend on the colour of its transparent pixels', async () => {
  const ground = await draw(100, 100, 3, () => [30, 90, 60])
    .png()
    .toBuffer();
  const made = await Promise.all(
    (
      [
        [0, 0, 0],
        [255, 255, 255],
      ] as const
    ).map(async (hidden) =>
      transformImage(ground, { watermark: '0'.repeat(64) }, { watermark: await containers.png?.([...hidden]) }),
    ),
  );
  assert.deepEqual(made[0]?.bytes, made[1]?.bytes);
  assert.equal((await inspect(made[0]?.bytes as Buffer, limits)).width, 100);
});

test('normalize and median ignore transparent pixels', async () => {
  const noise = (x: number, y: number) => [90 + ((x * 37 + y * 11) % 50), 100 + ((x * 13 + y * 29) % 40), 120, 255];
  const alone = await draw(24, 24, 4, noise).png().toBuffer();
  const framed = await draw(48, 48, 4, (x, y) => {
    return x >= 12 && x < 36 && y >= 12 && y < 36 ? noise(x - 12, y - 12) : [255, 255, 255, 0];
  })
    .png()
    .toBuffer();
  for (const parameters of [{ normalize: true }, { median: 3 }] as Parameters[]) {
    const [one, other] = await Promise.all(
      [alone, framed].map(async (image) => pixelsOf((await transformImage(image, parameters)).bytes)),
    );
    for (let y = 2; y < 22; y += 1) {
      for (let x = 2; x < 22; x += 1) {
        const [inside, whole] = [one?.at(x, y), other?.at(x + 12, y + 12)] as [number[], number[]];
        assert.ok(distance(inside, whole) <= 1, `${JSON.stringify(parameters)} at ${x}, ${y}: ${inside}, ${whole}`);
      }
    }
  }
});

/** A square of the colour on a transparent canvas. */
const square = (colour: number[]) =>
  draw(60, 60, 4, (x, y) => (x >= 15 && x < 45 && y >= 15 && y < 45 ? [...colour, 255] : [0, 0, 0, 0]))
    .png()
    .toBuffer();

test('a logo of one colour has no colour fringe at any scale', async () => {
  const colour = [150, 100, 60];
  const still = await square(colour);
  const frames = [still, await square([150, 100, 61])];
  const animated = await sharp(frames, { join: { animated: true } })
    .webp({ lossless: true })
    .toBuffer();
  for (const [image, format] of [
    [still, 'png'],
    [animated, 'webp'],
    [animated, 'gif'],
  ] as const) {
    for (const width of [25, 37, 90, 120, 300]) {
      for (const gamma of [undefined, 2.2]) {
        const made = await transformImage(image, { width, format, lossless: true, ...(gamma && { gamma }) });
        const { at, height } = await pixelsOf(made.bytes);
        for (let y = 0; y < height; y += 1) {
          for (let x = 0; x < width; x += 1) {
            const [r, g, b, alpha] = at(x, y) as [number, number, number, number];
            const isSeen = alpha > 2;
            assert.ok(!isSeen || distance(colour, [r, g, b]) <= 3, `${format}, ${width}: ${at(x, y)} at ${x}, ${y}`);
          }
        }
      }
    }
  }
});

test('a watermark of one colour has no colour fringe at any scale', async () => {
  const colour = [150, 100, 60];
  const watermark = await square(colour);
  const ground = await draw(200, 200, 3, () => colour)
    .png()
    .toBuffer();
  for (const scale of [0.1, 0.21, 0.6, 1]) {
    const parameters = { watermark: '0'.repeat(64), watermark_scale: scale };
    const { at } = await pixelsOf((await transformImage(ground, parameters, { watermark })).bytes);
    for (let y = 0; y < 200; y += 1) {
      for (let x = 0; x < 200; x += 1) {
        assert.ok(distance(colour, at(x, y)) <= 2, `${scale}: ${at(x, y)} at ${x}, ${y}`);
      }
    }
  }
});
