import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { formatNames, outputFormatNames } from '../../src/contract/formats.ts';
import type { Parameters } from '../../src/contract/parameters.ts';
import { inspect } from '../../src/worker/images/inspect.ts';
import { type TransformedImage, transform } from '../../src/worker/images/transform.ts';
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
  truncated,
  white,
} from '../helpers/images.ts';

const limits = { inputFormats: formatNames, maxInputPixels: 1_000_000 };

async function make(
  image: Buffer,
  parameters: Parameters,
  maxInputPixels = limits.maxInputPixels,
): Promise<TransformedImage> {
  return transform({ source: await inspect(image, limits), parameters, watermark: undefined }, maxInputPixels);
}

async function assertColour(made: Buffer, x: number, y: number, colour: Pixel, within = 12): Promise<void> {
  const { at } = await pixelsOf(made);
  assert.ok(distance(colour, at(x, y)) <= within, `${colour} at ${x},${y}, but it is ${at(x, y)}`);
}

const inputs: Record<string, () => Promise<Buffer>> = {
  jpeg: async () => (await quarters(80, 40)).jpeg({ chromaSubsampling: '4:4:4' }).toBuffer(),
  png: async () => (await quarters(80, 40)).png().toBuffer(),
  webp: async () => (await quarters(80, 40)).webp({ lossless: true }).toBuffer(),
  avif: async () => (await quarters(80, 40)).avif().toBuffer(),
  gif: async () => (await quarters(80, 40)).gif().toBuffer(),
  tiff: async () => (await quarters(80, 40)).tiff().toBuffer(),
};

for (const [input, image] of Object.entries(inputs)) {
  for (const output of outputFormatNames) {
    test(`${input} to ${output} is the same image, smaller`, async () => {
      const made = await make(await image(), { width: 40, format: output });
      assert.equal((await inspect(made.bytes, limits)).format, output);
      assert.deepEqual([made.width, made.height], [40, 20]);
      await assertColour(made.bytes, 5, 5, red, 24);
      await assertColour(made.bytes, 35, 5, green, 24);
      await assertColour(made.bytes, 35, 15, blue, 24);
      await assertColour(made.bytes, 5, 15, white, 24);
    });
  }
}

test("keeps the source's format, and renders SVG to PNG", async () => {
  assert.equal((await make(await plain(8, 8, red).webp().toBuffer(), {})).format, 'webp');
  assert.equal((await make(svg, {})).format, 'png');
});

test('renders SVG at the requested size instead of upscaling', async () => {
  const { bytes } = await make(svg, { width: 400 });
  const { width, height, at } = await pixelsOf(bytes);
  assert.deepEqual([width, height], [400, 200]);
  assert.deepEqual(at(200, 2), [255, 0, 0, 255]);
  assert.equal(at(2, 2)[3], 0);
});

test('turns the image upright before anything else, and drops the orientation tag', async () => {
  // Orientation 6: the stored image must be rotated clockwise, so its bottom left becomes the top left.
  const image = await (await quarters(80, 40)).withMetadata({ orientation: 6 }).png().toBuffer();
  const made = await make(image, { width: 20 });
  assert.deepEqual([made.width, made.height], [20, 40]);
  await assertColour(made.bytes, 2, 2, white);
  await assertColour(made.bytes, 17, 2, red);
  await assertColour(made.bytes, 17, 37, green);
  assert.equal((await sharp(made.bytes).metadata()).orientation, undefined);
});

test("strips the camera's metadata", async () => {
  const exif = { IFD0: { Copyright: 'someone' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } };
  const image = await plain(8, 8, red).withExif(exif).jpeg().toBuffer();
  assert.ok((await sharp(image).metadata()).exif);
  const { exif: remaining, icc, xmp } = await sharp((await make(image, { width: 4 })).bytes).metadata();
  assert.deepEqual([remaining, icc, xmp], [undefined, undefined, undefined]);
});

test('converts CMYK to sRGB', async () => {
  // Within the CMYK gamut.
  const colour: Pixel = [150, 110, 80];
  const image = await plain(8, 8, colour).toColourspace('cmyk').jpeg().toBuffer();
  assert.equal((await inspect(image, limits)).colorSpace, 'cmyk');
  const { bytes } = await make(image, { format: 'png' });
  assert.equal((await sharp(bytes).metadata()).space, 'srgb');
  await assertColour(bytes, 4, 4, colour);
});

test('cover crops at the position', async () => {
  const image = await (await quarters(80, 40)).png().toBuffer();
  const left = await make(image, { width: 20, height: 40, position: 'left' });
  assert.deepEqual([left.width, left.height], [20, 40]);
  await assertColour(left.bytes, 15, 5, red);
  const right = await make(image, { width: 20, height: 40, position: 'right' });
  await assertColour(right.bytes, 5, 5, green);
  const centre = await make(image, { width: 20, height: 40, position: 'center' });
  await assertColour(centre.bytes, 2, 5, red);
  await assertColour(centre.bytes, 17, 5, green);
});

test('attention and entropy find the part that stands out', async () => {
  const spot = await (await quarters(20, 20)).png().toBuffer();
  const image = await plain(200, 20, [120, 120, 120])
    .composite([{ input: spot, left: 160, top: 0 }])
    .png()
    .toBuffer();
  for (const position of ['attention', 'entropy'] as const) {
    const { at } = await pixelsOf((await make(image, { width: 40, height: 20, position })).bytes);
    const columns = Array.from({ length: 40 }, (_, x) => at(x, 5));
    assert.ok(
      columns.some((colour) => distance(colour, red) < 12),
      position,
    );
  }
});

test('contain adds bars of the background, including its alpha', async () => {
  const image = await plain(20, 20, red).png().toBuffer();
  const parameters = { width: 60, height: 20, fit: 'contain' } as const;
  const bare = await make(image, parameters);
  await assertColour(bare.bytes, 2, 10, white);
  await assertColour(bare.bytes, 30, 10, red);
  const half = await make(image, { ...parameters, background: 'rgb(0 0 255 / 50%)' });
  assert.deepEqual((await pixelsOf(half.bytes)).at(2, 10), [0, 0, 255, 128]);
  const left = await make(image, { ...parameters, position: 'left', background: 'white' });
  await assertColour(left.bytes, 2, 10, red);
  await assertColour(left.bytes, 50, 10, white);
});

test('jpeg flattens transparency onto the background, made opaque', async () => {
  const image = await plain(20, 20, [255, 0, 0, 0]).png().toBuffer();
  const parameters = { width: 60, height: 20, fit: 'contain', format: 'jpeg' } as const;
  const made = await make(image, { ...parameters, background: 'rgb(0 128 0 / 50%)' });
  await assertColour(made.bytes, 2, 10, green);
  await assertColour(made.bytes, 30, 10, green);
  await assertColour((await make(image, { format: 'jpeg' })).bytes, 10, 10, white);
});

for (const format of ['png', 'webp', 'avif', 'gif', 'tiff'] as const) {
  test(`${format} keeps transparency`, async () => {
    const image = await plain(40, 20, [255, 0, 0, 0])
      .composite([{ input: await plain(20, 20, red).png().toBuffer(), left: 20, top: 0 }])
      .png()
      .toBuffer();
    const { at } = await pixelsOf((await make(image, { format })).bytes);
    assert.equal(at(5, 10)[3], 0);
    assert.ok(distance(at(35, 10), [255, 0, 0, 255]) < 12, String(at(35, 10)));
  });
}

test('fit determines the size', async () => {
  const image = await plain(80, 40, red).png().toBuffer();
  const sizes = { cover: [20, 20], contain: [20, 20], fill: [20, 20], inside: [20, 10], outside: [40, 20] } as const;
  for (const [fit, size] of Object.entries(sizes)) {
    const { width, height } = await make(image, { width: 20, height: 20, fit: fit as keyof typeof sizes });
    assert.deepEqual([width, height], size, fit);
  }
});

test('enlarges unless enlarge is false', async () => {
  const image = await plain(10, 10, red).png().toBuffer();
  assert.equal((await make(image, { width: 50 })).width, 50);
  assert.equal((await make(image, { width: 50, enlarge: false })).width, 10);
});

test('a lower quality makes a smaller file, and makes a png use a palette', async () => {
  const noise = await sharp({
    create: {
      width: 64,
      height: 64,
      channels: 3,
      background: 'white',
      noise: { type: 'gaussian', mean: 128, sigma: 50 },
    },
  })
    .png()
    .toBuffer();
  for (const format of ['jpeg', 'webp', 'avif', 'tiff'] as const) {
    const [low, high] = [await make(noise, { format, quality: 10 }), await make(noise, { format, quality: 95 })];
    assert.ok(low.bytes.length < high.bytes.length, format);
  }
  const isPalette = async (parameters: Parameters) =>
    (await sharp((await make(noise, { format: 'png', ...parameters })).bytes).metadata()).isPalette;
  assert.deepEqual(
    [await isPalette({}), await isPalette({ quality: 100 }), await isPalette({ quality: 90 })],
    [false, false, true],
  );
});

for (const from of ['gif', 'webp'] as const) {
  for (const to of ['gif', 'webp'] as const) {
    test(`keeps an animation from ${from} to ${to}`, async () => {
      const made = await make(await animation(from, 40, 20, [red, green, blue]), { width: 20, format: to });
      assert.deepEqual([made.width, made.height], [20, 10]);
      const { pages, pageHeight } = await sharp(made.bytes, { animated: true }).metadata();
      assert.deepEqual([pages, pageHeight], [3, 10]);
      await assertColour(made.bytes, 10, 5, red);
      await assertColour(made.bytes, 10, 15, green);
      await assertColour(made.bytes, 10, 25, blue);
    });
  }
}

test('takes the first frame of an animation for a still format', async () => {
  const made = await make(await animation('gif', 40, 20, [green, red]), { format: 'png' });
  assert.deepEqual([made.width, made.height], [40, 20]);
  await assertColour(made.bytes, 20, 10, green);
});

test('rejects position attention in animations and entropy with fit contain', async () => {
  const moving = await animation('gif', 40, 20, [red, green]);
  const refused = { code: 'invalid_request', parameter: 'position' };
  await assert.rejects(make(moving, { width: 10, height: 10, position: 'attention' }), refused);
  assert.equal((await make(moving, { width: 10, position: 'attention' })).width, 10);
  const still = await plain(40, 20, red).png().toBuffer();
  await assert.rejects(make(still, { width: 10, height: 10, fit: 'contain', position: 'entropy' }), refused);
});

test('rejects a result that is too large before any work', async () => {
  const thin = await plain(2, 600, red).png().toBuffer();
  const refusals: [Parameters, string][] = [
    [{ width: 2000, height: 2000 }, 'width'],
    [{ height: 8000, fit: 'fill', width: 1000 }, 'width'],
    [{ width: 55, format: 'webp' }, 'width'],
    // A small result, but 1000 x 300000 before cover crops it.
    [{ width: 1000, height: 10 }, 'width'],
  ];
  for (const [parameters, parameter] of refusals) {
    await assert.rejects(make(thin, parameters), { code: 'invalid_request', parameter }, JSON.stringify(parameters));
  }
  assert.equal((await make(thin, { width: 55, format: 'png' })).height, 16_500);
  const moving = await animation('gif', 40, 20, [red, green, blue]);
  await assert.rejects(make(moving, { height: 600 }), { code: 'invalid_request', parameter: 'height' });
  assert.equal((await make(moving, { height: 600, format: 'png' })).height, 600);
});

test('rejects a damaged image, with the cause', async () => {
  for (const [format, image] of Object.entries(inputs)) {
    if (format === 'avif' || format === 'tiff') continue;
    const cut = truncated(await image());
    await assert.rejects(make(cut, { width: 10, format: 'png' }), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'unprocessable_image', format);
      assert.ok(
        error.message.startsWith(`Expected an intact ${format} image but it cannot be decoded: `),
        error.message,
      );
      assert.ok(error.cause instanceof Error);
      return true;
    });
  }
});
