import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatNames } from '../../src/contract/formats.ts';
import { inspect } from '../../src/worker/images/inspect.ts';
import { animation, green, plain, red, svg } from '../helpers/images.ts';

const limits = { inputFormats: formatNames, maxInputPixels: 10_000 };

test('describes an image upright', async () => {
  const bytes = await plain(30, 20, red).withMetadata({ orientation: 8 }).jpeg().toBuffer();
  const { exif, ...described } = await inspect(bytes, limits);
  assert.ok(exif);
  assert.deepEqual(described, {
    bytes,
    format: 'jpeg',
    width: 20,
    height: 30,
    frames: 1,
    orientation: 8,
    hasAlpha: false,
    colorSpace: 'srgb',
    isPaged: false,
    isDeep: false,
    hasProfile: true,
    hasDeepProfile: false,
    hasClippedAlpha: false,
    delay: undefined,
    loop: undefined,
    failOn: 'error',
    xmp: undefined,
  });
});

test('counts the frames of an animation, and returns the height of one', async () => {
  const { width, height, frames } = await inspect(await animation('gif', 30, 20, [red, green]), limits);
  assert.deepEqual([width, height, frames], [30, 20, 2]);
});

test('reports transparency', async () => {
  assert.equal((await inspect(await plain(3, 3, [1, 2, 3, 128]).png().toBuffer(), limits)).hasAlpha, true);
  assert.equal((await inspect(svg, limits)).hasAlpha, true);
});

test('accepts frames up to the pixel limit', async () => {
  const most = await plain(100, 100, red).png().toBuffer();
  assert.equal((await inspect(most, limits)).width, 100);
  const refused = { code: 'unprocessable_image', message: /at most 10000 pixels but received 101 x 100/ };
  await assert.rejects(inspect(await plain(101, 100, red).png().toBuffer(), limits), refused);
  assert.equal((await inspect(await animation('gif', 60, 100, [red, green]), limits)).frames, 2);
});

test('reads only the header of a decompression bomb', async () => {
  const [width, height] = [60_000, 60_000];
  const bomb = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"/>`);
  await assert.rejects(inspect(bomb, limits), { code: 'unprocessable_image', message: /60000 x 60000/ });
});

test('rejects non-images and disabled formats, and lists the accepted ones', async () => {
  const some = { inputFormats: ['png', 'jpeg'] as const, maxInputPixels: 100 };
  await assert.rejects(inspect(Buffer.from('hello'), some), {
    code: 'unsupported_format',
    message: 'Expected an image in one of png, jpeg but received something else',
  });
  await assert.rejects(inspect(svg, some), {
    code: 'unsupported_format',
    message: 'Expected an image in one of png, jpeg but received svg',
  });
});

test('rejects data that only starts like an image', async () => {
  for (const head of ['\x89PNG\r\n\x1a\n', '\xff\xd8\xff\xe0', 'GIF89a', 'RIFF0000WEBP', 'II*\0', '<svg>']) {
    const bytes = Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from('nothing more')]);
    await assert.rejects(inspect(bytes, limits), { code: 'unprocessable_image' }, head);
  }
});
