import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Parameters } from '../../src/contract/parameters.ts';
import { sides } from '../../src/contract/size-parameters.ts';
import { blue, green, type Pixel, pixelsOf, plain, quarters, red, truncated, white } from '../helpers/images.ts';
import { photo } from '../helpers/photo.ts';
import { assertPicture } from './assert-picture.ts';
import { transformImage } from './transform-image.ts';

const id = 'a'.repeat(64);
const ground = await plain(60, 40, white).png().toBuffer();
const mark = await plain(10, 10, red).png().toBuffer();
const lay = (parameters: Parameters, watermark: Buffer = mark, image: Buffer = ground) =>
  transformImage(image, { watermark: id, ...parameters }, { watermark });

/** Top left corner of a mark of 10 x 10 on 60 x 40. */
const corners: Record<(typeof sides)[number], [number, number]> = {
  center: [25, 15],
  top: [25, 0],
  'right top': [50, 0],
  right: [50, 15],
  'right bottom': [50, 30],
  bottom: [25, 30],
  'left bottom': [0, 30],
  left: [0, 15],
  'left top': [0, 0],
};

for (const position of sides) {
  test(`places a watermark at ${position}`, async () => {
    const made = await lay({ watermark_position: position });
    const { at } = await pixelsOf(made.bytes);
    const [left, top] = corners[position];
    for (let x = 0; x < 60; x += 1) {
      for (let y = 0; y < 40; y += 1) {
        const isMarked = x >= left && x < left + 10 && y >= top && y < top + 10;
        assert.deepEqual(at(x, y), isMarked ? red : white, `${x},${y}`);
      }
    }
  });
}

test('a watermark is at the bottom right by default, and can be tiled', async () => {
  await assertPicture(
    await lay({}),
    [60, 40],
    [
      [[55, 35], red],
      [[45, 35], white],
    ],
    0,
  );
  const four = await (await quarters(10, 10)).png().toBuffer();
  const points: [[number, number], Pixel][] = [
    [[1, 1], red],
    [[16, 1], green],
    [[26, 26], blue],
    [[51, 36], white],
  ];
  await assertPicture(await lay({ watermark_position: 'tile' }, four), [60, 40], points, 0);
});

test('opacity blends the colours, even of a mark with alpha', async () => {
  await assertPicture(
    await lay({ watermark_opacity: 0.5 }),
    [60, 40],
    [
      [
        [55, 35],
        [255, 128, 128],
      ],
    ],
    2,
  );
  await assertPicture(await lay({ watermark_opacity: 0 }), [60, 40], [[[55, 35], white]], 0);
  const half = await plain(10, 10, [255, 0, 0, 128]).png().toBuffer();
  await assertPicture(
    await lay({ watermark_opacity: 0.5 }, half),
    [60, 40],
    [
      [
        [55, 35],
        [255, 191, 191],
      ],
    ],
    2,
  );
});

test('scale is a fraction of the result with padding, whatever the size of the mark', async () => {
  const quarter = await lay({ watermark_scale: 0.5, watermark_position: 'left top', width: 30, pad: '10' });
  // 20 x 20 on 50 x 40.
  await assertPicture(
    quarter,
    [50, 40],
    [
      [[1, 1], red],
      [[18, 18], red],
      [[22, 12], white],
      [[12, 22], white],
    ],
  );
  const wide = await plain(200, 20, red).png().toBuffer();
  await assertPicture(
    await lay({ watermark_scale: 0.5, watermark_position: 'left top' }, wide),
    [60, 40],
    [
      [[28, 1], red],
      [[28, 5], white],
      [[33, 1], white],
    ],
  );
});

test('shrinks a mark larger than the result', async () => {
  const large = await plain(400, 100, red).png().toBuffer();
  await assertPicture(
    await lay({ watermark_position: 'top' }, large),
    [60, 40],
    [
      [[1, 1], red],
      [[58, 13], red],
      [[30, 17], white],
    ],
  );
});

test('a mark is turned upright, and does not change whether the result has alpha', async () => {
  const turned = await (await quarters(20, 10)).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const made = await lay({ watermark_position: 'left top' }, turned);
  await assertPicture(
    made,
    [60, 40],
    [
      [[2, 2], white],
      [[7, 2], red],
      [[7, 17], green],
      [[2, 17], blue],
    ],
    60,
  );
  assert.equal((await pixelsOf(made.bytes)).channels, 3);
  const clear = await plain(30, 30, [0, 0, 255, 0]).png().toBuffer();
  const { at } = await pixelsOf((await lay({}, mark, clear)).bytes);
  assert.deepEqual([at(2, 2)[3], at(28, 28)], [0, [255, 0, 0, 255]]);
});

test('blames the watermark parameter for a damaged mark', async () => {
  const broken = truncated(await photo(100, 100));
  await assert.rejects(lay({}, broken), { code: 'unprocessable_image', parameter: 'watermark' });
});
