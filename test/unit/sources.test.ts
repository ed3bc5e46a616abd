import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { formatNames, formats, outputFormatNames } from '../../src/contract/formats.ts';
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
  svg,
  white,
} from '../helpers/images.ts';
import { assertPicture } from './assert-picture.ts';
import { transformImage } from './transform-image.ts';

/** An image with an opaque and a transparent half. */
async function halves(): Promise<Buffer> {
  const right = await plain(20, 20, blue).png().toBuffer();
  return plain(40, 20, [0, 0, 0, 0])
    .composite([{ input: right, left: 20, top: 0 }])
    .png()
    .toBuffer();
}

const drawing = sharp(await halves());
const inputs: Record<(typeof formatNames)[number], Buffer> = {
  jpeg: await (await quarters(40, 20)).jpeg({ chromaSubsampling: '4:4:4', quality: 95 }).toBuffer(),
  png: await drawing.clone().png().toBuffer(),
  webp: await drawing.clone().webp({ lossless: true }).toBuffer(),
  avif: await drawing.clone().avif({ lossless: true, effort: 0 }).toBuffer(),
  gif: await drawing.clone().gif().toBuffer(),
  tiff: await drawing.clone().tiff({ compression: 'deflate' }).toBuffer(),
  svg,
};

for (const input of formatNames) {
  for (const output of outputFormatNames) {
    test(`${input} to ${output} is the same image, flattened if the format has no alpha`, async () => {
      const source = inputs[input];
      const { bytes } = await transformImage(source, { format: output, background: 'lime', quality: 90 });
      const { channels, data: made, size } = await rgba(bytes);
      const original = await rgba(source);
      assert.deepEqual(size, original.size);
      // sharp reports alpha for every GIF.
      if (output !== 'gif')
        assert.equal(channels === 4, formats[output].alpha && input !== 'jpeg', `${channels} channels`);
      let worst = 0;
      let sum = 0;
      for (let at = 0; at < made.length; at += 4) {
        const [r = 0, g = 0, b = 0, alpha = 255] = original.data.subarray(at, at + 4);
        const share = alpha / 255;
        const flat = [r * share, g * share + 255 * (1 - share), b * share];
        const [mr = 0, mg = 0, mb = 0, ma = 255] = made.subarray(at, at + 4);
        const seen = [(mr * ma) / 255, (mg * ma) / 255 + 255 - ma, (mb * ma) / 255];
        const off = distance(flat, seen);
        worst = Math.max(worst, off);
        sum += off;
      }
      // Codecs ring at hard edges, JPEG subsamples chroma and GIF has 1-bit alpha, so compare the mean.
      assert.ok(
        sum / (made.length / 4) < (output === 'jpeg' ? 20 : 9),
        `${sum / (made.length / 4)} on average, ${worst} at most`,
      );
    });
  }
}

async function rgba(image: Buffer) {
  const { channels = 3, hasAlpha } = await sharp(image).metadata();
  const { data, info } = await sharp(image)
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, size: [info.width, info.height], channels: hasAlpha ? 4 : Math.min(channels, 3) };
}

for (const from of ['gif', 'webp'] as const) {
  for (const to of outputFormatNames) {
    test(`an animation in ${from} keeps ${formats[to].animation ? 'all its frames' : 'its first frame'} in ${to}`, async () => {
      const made = await transformImage(await animation(from, 16, 16, [red, green, blue]), { format: to });
      const { height, at } = await pixelsOf(made.bytes);
      const colours: Pixel[] = formats[to].animation ? [red, green, blue] : [red];
      assert.deepEqual([made.height, height], [16, 16 * colours.length]);
      for (const [frame, colour] of colours.entries()) {
        assert.ok(distance(colour, at(8, 8 + 16 * frame)) < 16, `${colour} but ${at(8, 8 + 16 * frame)}`);
      }
    });
  }
}

/** Stored corner colours, clockwise from the top left, which turn into red, green, blue and white when upright. */
const stored: Record<number, [Pixel, Pixel, Pixel, Pixel]> = {
  1: [red, green, blue, white],
  2: [green, red, white, blue],
  3: [blue, white, red, green],
  4: [white, blue, green, red],
  5: [red, white, blue, green],
  6: [green, blue, white, red],
  7: [blue, green, red, white],
  8: [white, red, green, blue],
};

for (const [orientation, colours] of Object.entries(stored)) {
  test(`turns EXIF orientation ${orientation} upright, alone and with every kind of step`, async () => {
    const isTurned = Number(orientation) > 4;
    const [w, h] = isTurned ? [20, 40] : [40, 20];
    const [a, b, c, d] = await Promise.all(
      colours.map((colour) =>
        plain(w / 2, h / 2, colour)
          .png()
          .toBuffer(),
      ),
    );
    const image = await plain(w, h, red)
      .composite([
        { input: a as Buffer, left: 0, top: 0 },
        { input: b as Buffer, left: w / 2, top: 0 },
        { input: c as Buffer, left: w / 2, top: h / 2 },
        { input: d as Buffer, left: 0, top: h / 2 },
      ])
      .removeAlpha()
      .withMetadata({ orientation: Number(orientation) })
      .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      .toBuffer();
    const upright: [[number, number], Pixel][] = [
      [[3, 3], red],
      [[36, 3], green],
      [[36, 16], blue],
      [[3, 16], white],
    ];
    const most = { format: 'png' } as const;
    await assertPicture(await transformImage(image, most), [40, 20], upright);
    await assertPicture(await transformImage(image, { ...most, metadata: 'keep' }), [40, 20], upright);
    await assertPicture(
      await transformImage(image, { ...most, median: 2, crop: '0,0,40,20', flip: true }),
      [40, 20],
      [
        [[3, 16], red],
        [[36, 3], blue],
      ],
    );
    await assertPicture(
      await transformImage(image, { ...most, rotate: 180, width: 20 }),
      [20, 10],
      [
        [[17, 8], red],
        [[2, 2], blue],
      ],
    );
    await assertPicture(
      await transformImage(image, { ...most, flop: true, width: 20, height: 20 }),
      [20, 20],
      [
        [[17, 2], red],
        [[2, 2], green],
      ],
    );
    await assertPicture(await transformImage(image, { ...most, trim: true, trim_threshold: 0 }), [40, 20], upright);
    await assertPicture(
      await transformImage(image, { ...most, width: 20, height: 20, focus: '0,0' }),
      [20, 20],
      [
        [[3, 3], red],
        [[3, 16], white],
      ],
    );
  });
}

test('turns an animation upright frame by frame', async () => {
  const frames = [await (await quarters(20, 10)).png().toBuffer(), await plain(20, 10, blue).png().toBuffer()];
  const moving = await sharp(frames, { join: { animated: true } })
    .withMetadata({ orientation: 6 })
    .webp({ lossless: true })
    .toBuffer();
  assert.equal((await sharp(moving).metadata()).orientation, 6);
  await assertPicture(
    await transformImage(moving, {}),
    [10, 20],
    [
      [[2, 2], white],
      [[7, 2], red],
      [[7, 17], green],
      [[5, 30], blue],
    ],
    24,
  );
});

const colour: Pixel = [180, 110, 80];

for (const depth of [8, 16]) {
  test(`converts Display P3 of ${depth} bits to sRGB`, async () => {
    const space = depth === 16 ? 'rgb16' : 'srgb';
    const wide = await plain(8, 8, colour).toColourspace(space).withIccProfile('p3').png().toBuffer();
    const { data } = await sharp(wide, { ignoreIcc: true }).raw().toBuffer({ resolveWithObject: true });
    assert.ok(distance(colour, [...data.subarray(0, 3)]) > 3, 'the stored samples differ');
    for (const format of ['png', 'webp'] as const) {
      for (const parameters of [{}, { width: 4 }, { pad: '1' }, { trim: true, negate: true }]) {
        const made = await transformImage(wide, { format, quality: 100, ...parameters });
        const expected: Pixel = 'negate' in parameters ? [75, 145, 175] : colour;
        await assertPicture(made, [made.width, made.height], [[[made.width >> 1, made.height >> 1], expected]], 4);
        assert.equal((await sharp(made.bytes).metadata()).icc, undefined);
      }
    }
  });
}

test('CMYK, grey and 16 bits keep their colours, also after steps on pixels', async () => {
  const cmyk = await plain(8, 8, [150, 110, 80]).toColourspace('cmyk').jpeg().toBuffer();
  const grey = await plain(8, 8, [120, 120, 120]).toColourspace('b-w').png().toBuffer();
  const deep = await plain(8, 8, colour).toColourspace('rgb16').png().toBuffer();
  assert.deepEqual((await sharp(deep).metadata()).depth, 'ushort');
  for (const [image, expected] of [
    [cmyk, [150, 110, 80]],
    [grey, [120, 120, 120]],
    [deep, colour],
  ] as [Buffer, Pixel][]) {
    await assertPicture(await transformImage(image, { format: 'png' }), [8, 8], [[[4, 4], expected]]);
    await assertPicture(
      await transformImage(image, { format: 'png', median: 3, pad: '1' }),
      [10, 10],
      [[[4, 4], expected]],
    );
    const negative = expected.map((value) => 255 - value) as Pixel;
    await assertPicture(
      await transformImage(image, { format: 'png', negate: true, width: 4 }),
      [4, 4],
      [[[2, 2], negative]],
    );
    const { bytes } = await transformImage(image, { format: 'png', tint: 'red', normalize: true, threshold: 1 });
    assert.equal((await sharp(bytes).metadata()).depth, 'uchar');
  }
});

test('encodes a single pixel and very wide and tall images in every format', async () => {
  for (const format of outputFormatNames) {
    const single = await transformImage(await plain(1, 1, red).png().toBuffer(), {
      format,
      blur: 1,
      sharpen: 1,
      median: 5,
      trim: true,
      rotate: 90,
    });
    assert.deepEqual([single.width, single.height], [1, 1]);
    const large = await transformImage(await plain(1, 1, red).png().toBuffer(), { format, width: 30 });
    await assertPicture(large, [30, 30], [[[15, 15], red]]);
  }
  for (const [width, height] of [
    [16_000, 2],
    [2, 16_000],
  ] as const) {
    const thin = await plain(width, height, green).png().toBuffer();
    for (const format of outputFormatNames) {
      const made = await transformImage(thin, { format, effort: 0 });
      assert.deepEqual([made.width, made.height], [width, height]);
      await assertPicture(
        await transformImage(thin, { format, width: 20, height: 20, fit: 'fill' }),
        [20, 20],
        [[[10, 10], green]],
      );
      const small = await transformImage(thin, { format, width: 100, height: 100, fit: 'inside' });
      assert.deepEqual(
        [small.width, small.height],
        [Math.max(1, Math.round(width / 160)), Math.max(1, Math.round(height / 160))],
      );
    }
  }
});
