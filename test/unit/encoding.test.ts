import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { outputFormatNames } from '../../src/contract/formats.ts';
import type { Parameters } from '../../src/contract/parameters.ts';
import { animation, blue, green, pixelsOf, red } from '../helpers/images.ts';
import { photo } from '../helpers/photo.ts';
import { transformImage } from './transform-image.ts';

const picture = await photo(200, 150);
const moving = await animation('gif', 40, 30, [red, green, blue]);

for (const format of outputFormatNames) {
  for (const parameters of [
    {},
    { metadata: 'keep' },
    { lossless: format !== 'jpeg' },
    { quality: 30 },
  ] as Parameters[]) {
    test(`an ample max_bytes changes nothing in ${format} with ${JSON.stringify(parameters)}`, async () => {
      const { bytes } = await transformImage(picture, { format, ...parameters });
      const roomy = await transformImage(picture, { format, ...parameters, max_bytes: 10_000_000 });
      assert.ok(roomy.bytes.equals(bytes), `${roomy.bytes.length} instead of ${bytes.length} bytes`);
      const exact = await transformImage(picture, { format, ...parameters, max_bytes: bytes.length });
      assert.ok(exact.bytes.equals(bytes));
    });
  }
}

test('an ample max_bytes changes nothing in an animation', async () => {
  for (const format of ['gif', 'webp'] as const) {
    const { bytes } = await transformImage(moving, { format });
    assert.ok((await transformImage(moving, { format, max_bytes: 10_000_000 })).bytes.equals(bytes));
  }
});

test("a max_bytes below the default's size gives the best quality that fits", async () => {
  for (const format of ['jpeg', 'webp', 'avif'] as const) {
    const { bytes } = await transformImage(picture, { format });
    const most = Math.floor(bytes.length / 2);
    const { bytes: made } = await transformImage(picture, { format, max_bytes: most });
    assert.ok(made.length <= most);
    const qualities = await Promise.all(
      [10, 20, 30, 40, 50, 60].map(
        async (quality) => (await transformImage(picture, { format, quality })).bytes.length,
      ),
    );
    const largest = Math.max(0, ...qualities.filter((length) => length <= most));
    assert.ok(made.length >= largest, `${made.length} bytes, though ${largest} fit`);
  }
});

/** Raw RGBA samples of 16 bits, whatever the image's bands. */
const samples = (image: Buffer) =>
  sharp(image).ensureAlpha().toColourspace('rgb16').raw({ depth: 'ushort' }).toBuffer();

const ramp = (bands: number, most: number, width = 64, height = 16) =>
  Array.from({ length: width * height * bands }, (_, at) =>
    Math.floor(((at * 2654435761) % 2 ** 32) / (2 ** 32 / (most + 1))),
  );

const raw = (values: number[], channels: 1 | 2 | 3 | 4, deep = false) =>
  sharp(deep ? Uint16Array.from(values) : Uint8Array.from(values), { raw: { width: 64, height: 16, channels } });

const compact: Record<string, Buffer> = {
  'grey of 8 bits': await raw(ramp(1, 255), 1).toColourspace('b-w').png().toBuffer(),
  'black and white': await raw(
    ramp(1, 1).map((bit) => bit * 255),
    1,
  )
    .toColourspace('b-w')
    .png({ palette: true, colours: 2 })
    .toBuffer(),
  'a palette of 8 colours': await raw(
    ramp(1, 7).flatMap((i) => [i * 36, 255 - i * 36, (i & 1) * 200]),
    3,
  )
    .png({ palette: true, colours: 8, dither: 0 })
    .toBuffer(),
  'a palette of 200 colours, some transparent': await raw(
    ramp(1, 199).flatMap((i) => [i, 255 - i, 7, i < 5 ? 20 + i * 40 : 255]),
    4,
  )
    .png({ palette: true, colours: 256, dither: 0, quality: 100 })
    .toBuffer(),
};

for (const [what, file] of Object.entries(compact)) {
  test(`a PNG with ${what} stays compact and lossless`, async () => {
    for (const lossless of [false, true]) {
      const { bytes } = await transformImage(file, { lossless });
      assert.deepEqual(await samples(bytes), await samples(file));
      assert.ok(bytes.length <= file.length * 1.15 + 20, `${file.length} bytes became ${bytes.length}`);
    }
  });
}

test('keeps many colours exactly, in three bands or four', async () => {
  for (const [channels, values] of [
    [3, ramp(3, 255)],
    [4, ramp(4, 254).map((value) => value + 1)],
  ] as const) {
    const file = await raw(values, channels).png().toBuffer();
    const { bytes } = await transformImage(file, {});
    assert.deepEqual(await samples(bytes), await samples(file));
    assert.equal((await pixelsOf(bytes)).channels, channels);
  }
});

for (const [what, channels] of [
  ['grey', 1],
  ['RGB', 3],
  ['RGBA', 4],
] as const) {
  for (const format of ['png', 'tiff'] as const) {
    test(`${what} of 16 bits keeps its depth in a lossless ${format}`, async () => {
      const values = ramp(channels, 65_534).map((value) => value + 1);
      const file = await raw(values, channels, true)
        .toColourspace(channels === 1 ? 'grey16' : 'rgb16')
        .png()
        .toBuffer();
      const { bytes } = await transformImage(file, { format, lossless: true });
      assert.equal((await sharp(bytes).metadata()).depth, 'ushort');
      assert.deepEqual(await samples(bytes), await samples(file));
      if (channels === 1 && format === 'png') assert.equal((await sharp(bytes).metadata()).channels, 1);
    });
  }
}
