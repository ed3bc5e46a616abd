import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatNames } from '../../src/contract/formats.ts';
import { inspect, inspectPage } from '../../src/worker/images/inspect.ts';
import { levelOf } from '../../src/worker/images/level.ts';
import { createPlan } from '../../src/worker/images/plan.ts';
import { joinAvifs } from '../helpers/avif.ts';
import { blue, type Pixel, plain, quarters, red } from '../helpers/images.ts';
import { assertPicture } from './assert-picture.ts';
import { transformImage } from './transform-image.ts';

const limits = { inputFormats: formatNames, maxInputPixels: 4000 };
const avif = (width: number, height: number, colour: Pixel) => plain(width, height, colour).avif().toBuffer();
const file = joinAvifs(await avif(60, 40, red), await avif(24, 30, blue));

test('an AVIF with several images is described and rendered by its primary item', async () => {
  const { width, height, frames } = await inspect(file, limits);
  assert.deepEqual([width, height, frames], [24, 30, 2]);
  await assertPicture(await transformImage(file, { format: 'png' }), [24, 30], [[[12, 15], blue]]);
  await assertPicture(await transformImage(file, { format: 'png', width: 12 }), [12, 15], [[[6, 7], blue]]);
  await assertPicture(await transformImage(file, { format: 'png', crop: '4,20,20,10' }), [20, 10], [[[19, 9], blue]]);
});

test('each page of an AVIF has its own size and pixel limit', async () => {
  await assertPicture(await transformImage(file, { page: 0, format: 'png' }), [60, 40], [[[30, 35], red]]);
  await assertPicture(await transformImage(file, { page: 1, format: 'png' }), [24, 30], [[[12, 15], blue]]);
  await assert.rejects(transformImage(file, { page: 2 }), { code: 'invalid_request', parameter: 'page' });
  const tight = { ...limits, maxInputPixels: 1000 };
  await assert.rejects(inspectPage(await inspect(file, tight), 0, tight), { code: 'unprocessable_image' });
});

test('such an AVIF as a watermark shows its primary image', async () => {
  const picture = await (await quarters(80, 60)).png().toBuffer();
  const parameters = { watermark: 'a'.repeat(64), watermark_position: 'left top' } as const;
  await assertPicture(await transformImage(picture, parameters, { watermark: file }), [80, 60], [[[20, 25], blue]]);
});

test("a requested page is not made from the image's level", async () => {
  const page = await inspectPage(await inspect(file, limits), 0, limits);
  assert.equal(levelOf(createPlan(page, { page: 0 }, { maxPixels: 10_000 })), undefined);
});
