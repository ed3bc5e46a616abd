import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readGif } from '../../src/worker/images/gif/blocks.ts';
import { usedColours } from '../../src/worker/images/gif/used-colours.ts';
import { type GifFrame, gif } from '../helpers/gif.ts';
import { distance, pixelsOf, plain, red } from '../helpers/images.ts';
import { photo } from '../helpers/photo.ts';
import { transformImage } from './transform-image.ts';

const canvas = { width: 32, height: 32 };
const inner: GifFrame = { left: 8, top: 8, width: 16, height: 16, colour: 1 };
const corner: GifFrame = { left: 0, top: 0, width: 8, height: 8, colour: 2 };
const far: GifFrame = { left: 16, top: 16, width: 16, height: 16, colour: 2 };
const whole: GifFrame = { left: 0, top: 0, ...canvas, colour: 1 };
const many = (width: number, height: number, last: number) =>
  Array.from({ length: width * height }, (_, pixel) => Math.min(last, pixel % 256));

const uncovered: Record<string, [file: Buffer, page: number, inside: number[]]> = {
  'a still smaller than its canvas': [gif(canvas, [inner]), 0, [255, 0, 0, 255]],
  'an animation that begins smaller': [gif(canvas, [inner, corner]), 0, [255, 0, 0, 255]],
  'its next frame': [gif(canvas, [inner, corner]), 1, [255, 0, 0, 255]],
  'a frame after one that is cleared': [
    gif(canvas, [
      { ...whole, disposal: 2 },
      { ...inner, colour: 2 },
    ]),
    1,
    [0, 255, 0, 255],
  ],
  'a frame after one that an old encoder has cleared': [
    gif(canvas, [
      { ...whole, disposal: 4 },
      { ...inner, colour: 2 },
    ]),
    1,
    [0, 255, 0, 255],
  ],
  'a frame after the second, which is cleared': [
    gif(canvas, [corner, { ...far, disposal: 2 }, inner]),
    2,
    [255, 0, 0, 255],
  ],
  'a frame after one that is cleared, in a file with a transparent colour': [
    gif(canvas, [{ ...corner, transparent: 7 }, { ...far, disposal: 2 }, inner]),
    2,
    [255, 0, 0, 255],
  ],
  'a frame after one of all colours that is cleared': [
    gif({ ...canvas, bits: 8 }, [corner, { ...far, colour: many(16, 16, 255), disposal: 2 }, inner]),
    2,
    [255, 0, 0, 255],
  ],
  '255 of 256 colours': [
    gif({ ...canvas, bits: 8 }, [{ ...inner, colour: [...many(16, 8, 254), ...Array<number>(128).fill(1)] }]),
    0,
    [255, 0, 0, 255],
  ],
};

for (const [what, [file, page, inside]] of Object.entries(uncovered)) {
  test(`${what}: uncovered canvas is transparent`, async () => {
    const { at } = await pixelsOf((await transformImage(file, { format: 'png', page })).bytes);
    assert.deepEqual(at(16, 20), inside);
    assert.equal(at(28, 28)[3], 0);
    const flat = await pixelsOf((await transformImage(file, { format: 'jpeg', background: '#00ffff', page })).bytes);
    assert.ok(distance(flat.at(28, 28), [0, 255, 255]) <= 24, String(flat.at(28, 28)));
  });
}

test('a GIF that covers its canvas stays opaque', async () => {
  for (const frames of [[whole], [whole, corner], [{ ...whole, disposal: 1 }, inner]]) {
    assert.equal(
      (await pixelsOf((await transformImage(gif(canvas, frames), { format: 'png', page: 0 })).bytes)).channels,
      3,
    );
  }
});

test('rejects an uncovered canvas if no colour index is free, and says why', async () => {
  const file = gif({ ...canvas, bits: 8 }, [{ ...inner, colour: many(16, 16, 255) }]);
  await assert.rejects(transformImage(file, { width: 10 }), {
    code: 'unprocessable_image',
    message: /cover the 32 x 32/,
  });
});

test('finds the colours of a frame in LZW data of another encoder', async () => {
  for (const picture of [await photo(90, 70, 'png'), await plain(50, 50, red).png().toBuffer()]) {
    const { bytes } = await transformImage(picture, { format: 'gif' });
    const [frame] = readGif(bytes).frames;
    assert.ok(frame);
    // Every colour of the result has at least one index.
    const { width, height, at } = await pixelsOf(bytes);
    const colours = new Set<string>();
    for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) colours.add(String(at(x, y)));
    const used = await usedColours(bytes, frame.dataAt);
    assert.ok(used.size >= colours.size, `${used.size} of ${colours.size}`);
    assert.ok(Math.max(...used) < 1 << (bytes[frame.dataAt] as number));
  }
});

for (const [format, delayOf] of [
  ['gif', gifDelay],
  ['webp', webpDelay],
] as const) {
  test(`clamps a frame delay longer than sharp supports in ${format}`, async () => {
    for (const [delay, expected] of [
      [6553, 65_530],
      [6554, 65_535],
      [65_535, 65_535],
    ] as const) {
      const file = gif(canvas, [
        { ...whole, delay },
        { ...whole, colour: 2 },
      ]);
      const made = delayOf((await transformImage(file, { format, width: 16 })).bytes);
      assert.ok(Math.abs(made - expected) < 10, `${delay} hundredths: ${made} ms`);
    }
  });
}

/** Delay of the first frame in milliseconds. */
function gifDelay(file: Buffer): number {
  return file.readUInt16LE(file.indexOf(Buffer.from([0x21, 0xf9, 4])) + 4) * 10;
}

function webpDelay(file: Buffer): number {
  return file.readUIntLE(file.indexOf('ANMF') + 8 + 12, 3);
}
