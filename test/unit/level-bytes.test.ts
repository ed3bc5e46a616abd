import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import type { Parameters } from '../../src/contract/parameters.ts';
import { inspect } from '../../src/worker/images/inspect.ts';
import type { Level, Shrink } from '../../src/worker/images/level.ts';
import {
  type LevelCache,
  type Transformation,
  type TransformedImage,
  transform,
} from '../../src/worker/images/transform.ts';
import { cameraExif, withExif } from '../helpers/camera-exif.ts';
import { formatSamples } from '../helpers/format-samples.ts';
import { temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { sourceKinds } from '../helpers/source-kinds.ts';
import { limits } from './transform-image.ts';

const folder = await temporaryFolder({ after }, 'levels');

/** A cache that keeps nothing: every result comes from a level made for it. */
function createEmptyCache(): LevelCache & { used: Shrink[] } {
  const used: Shrink[] = [];
  return {
    used,
    async use(_imageId, level: Level, write, work) {
      const path = join(folder, `${used.length}.v`);
      await write?.(path);
      used.push(level.shrink);
      return work(path);
    },
  };
}

/** Always worth a level. */
const stored = { imageId: 'a'.repeat(64), others: Number.POSITIVE_INFINITY };

/** A result, or its error as text. */
async function outcome(make: Promise<TransformedImage>): Promise<unknown> {
  try {
    const { stages: _, ...made } = await make;
    return made;
  } catch (error) {
    return String(error);
  }
}

/** @returns the level that was used */
async function assertSame(
  one: Omit<Transformation, 'watermark'> & Partial<Transformation>,
): Promise<Shrink | undefined> {
  const levels = createEmptyCache();
  const given = { watermark: undefined, ...one };
  const fromLevel = await outcome(transform({ ...given, stored }, limits.maxInputPixels, { levels }));
  const direct = await outcome(transform(given, limits.maxInputPixels));
  assert.deepEqual(fromLevel, direct, JSON.stringify(one.parameters));
  return levels.used[0];
}

/** Odd sizes: no shrink factor divides them. */
const [width, height] = [503, 333];
const picture = sharp(await photo(width, height, 'png'));

const photographs: Record<string, () => Promise<Buffer>> = {
  '4:2:0': () => picture.clone().jpeg().toBuffer(),
  '4:4:4': () => picture.clone().jpeg({ chromaSubsampling: '4:4:4' }).toBuffer(),
  progressive: () => picture.clone().jpeg({ progressive: true }).toBuffer(),
  grey: () => picture.clone().toColourspace('b-w').jpeg().toBuffer(),
  CMYK: () => picture.clone().toColourspace('cmyk').jpeg().toBuffer(),
  'CMYK with a profile': () => picture.clone().withIccProfile('cmyk').toColourspace('cmyk').jpeg().toBuffer(),
  P3: () => picture.clone().withIccProfile('p3').jpeg().toBuffer(),
  'Adobe RGB by EXIF': async () =>
    withExif(await picture.clone().jpeg().toBuffer(), cameraExif({ colorSpace: 0xffff, index: 'R03' })),
  'sizes of whole blocks': () => picture.clone().resize(512, 320, { fit: 'fill' }).jpeg().toBuffer(),
  ...Object.fromEntries(
    [2, 3, 4, 5, 6, 7, 8].map((orientation) => [
      `orientation ${orientation}`,
      () => picture.clone().withMetadata({ orientation }).jpeg().toBuffer(),
    ]),
  ),
};

/** Sizes of the sources above, around the ratios at which decoders shrink. */
const sizes: [parameters: Parameters, shrink: Shrink][] = [
  [{ width: 450 }, 1],
  [{ width: 650 }, 1],
  [{ width: 200, height: 200, fit: 'fill' }, 1],
  [{ width: 165, height: 100, fit: 'inside', quality: 95 }, 2],
  [{ width: 120, height: 80, fit: 'fill' }, 2],
  [{ width: 95, height: 60, fit: 'inside', blur: 1, grayscale: true }, 4],
  [{ width: 75, height: 50, position: 'entropy', format: 'png', quality: 100 }, 4],
  [{ width: 45, height: 30, fit: 'inside', format: 'webp' }, 8],
  [{ width: 1, height: 1, fit: 'fill' }, 8],
  [{ crop: '50,50,250,250', width: 25 }, 1],
  [{ rotate: 90, width: 50 }, 1],
  [{ rotate: 20, width: 50 }, 1],
  [{ flop: true, width: 50 }, 8],
  [{ flip: true, flop: true, width: 120 }, 2],
  [{ width: 75, height: 75 }, 2],
  [{ width: 30, height: 45, position: 'right', flip: true }, 4],
  [{ trim: true, width: 50 }, 1],
  [{ gamma: 2.2, width: 50 }, 1],
  [{}, 1],
];

const onItsSide = ({ width, height, ...others }: Parameters): Parameters => ({
  ...others,
  ...(height !== undefined && { width: height }),
  ...(width !== undefined && { height: width }),
});

for (const [what, make] of Object.entries(photographs)) {
  test(`JPEG, ${what}: sizes made from levels have the same bytes`, async () => {
    const source = await inspect(await make(), limits);
    for (const [given, shrink] of sizes) {
      const parameters = source.height > source.width ? onItsSide(given) : given;
      const isMirroredTwice = source.orientation !== 1 && (given.flip || given.flop);
      assert.equal(await assertSame({ source, parameters }), isMirroredTwice ? 1 : shrink, JSON.stringify(parameters));
    }
  });
}

const holed = async () => {
  const input = await sharp({ create: { width: 251, height, channels: 4, background: '#00000080' } })
    .png()
    .toBuffer();
  return picture
    .clone()
    .ensureAlpha()
    .composite([{ input, left: 0, top: 0, blend: 'dest-out' }]);
};
const large = async () => (await holed()).resize(1103, 1001, { fit: 'fill' });
const turned = (image: Sharp) => image.withMetadata({ orientation: 6 });

/** Quick to encode. */
const quick = { format: 'webp', effort: 0 } as const;

const whole: Record<string, () => Promise<Buffer>> = {
  PNG: () => picture.clone().png().toBuffer(),
  'PNG with alpha': async () => (await holed()).png().toBuffer(),
  'PNG with alpha, large': async () => (await large()).png().toBuffer(),
  'PNG of a palette': () => picture.clone().png({ palette: true }).toBuffer(),
  'PNG, grey': () => picture.clone().toColourspace('b-w').png().toBuffer(),
  'PNG, P3': () => picture.clone().withIccProfile('p3').png().toBuffer(),
  'PNG, turned': () => turned(picture.clone()).png().toBuffer(),
  AVIF: () => picture.clone().avif({ effort: 0 }).toBuffer(),
  'AVIF with alpha': async () => (await holed()).avif({ effort: 0 }).toBuffer(),
  TIFF: () => picture.clone().tiff({ compression: 'lzw' }).toBuffer(),
  'TIFF with alpha, turned': async () =>
    turned(await holed())
      .tiff({ compression: 'deflate' })
      .toBuffer(),
  'TIFF, CMYK': () => picture.clone().toColourspace('cmyk').tiff({ compression: 'lzw' }).toBuffer(),
};

for (const [what, make] of Object.entries(whole)) {
  test(`${what}: sizes made from a full-size level have the same bytes`, async () => {
    const source = await inspect(await make(), limits);
    for (const [given] of sizes) {
      const parameters = { ...quick, ...given };
      assert.equal(await assertSame({ source, parameters }), 1, JSON.stringify(parameters));
    }
  });
}

test('WebP, which sharp scales while it decodes: only unscaled decodes use a level', async () => {
  for (const image of [picture, await large()]) {
    const source = await inspect(await image.clone().webp().toBuffer(), limits);
    for (const [given, shrink] of sizes) {
      const parameters = { ...quick, ...given };
      const isScaled =
        shrink > 1 || [450, 200].includes(parameters.width ?? 0) || (source.width > 1000 && parameters.width === 650);
      assert.equal(await assertSame({ source, parameters }), isScaled ? undefined : 1, JSON.stringify(parameters));
    }
  }
});

const small: Parameters[] = [
  {},
  { width: 11 },
  { width: 5, height: 7, format: 'png' },
  { width: 40 },
  { blur: 1, rotate: 30 },
];
const files = [
  ...formatSamples.map(({ format, contents, file }) => [`${format}, ${contents}`, file] as const),
  ...Object.entries(sourceKinds),
];

for (const [what, file] of files) {
  test(`${what}: same bytes with and without a level`, async () => {
    const source = await inspect(await file(), limits).catch(() => undefined);
    // Rejected everywhere.
    if (source === undefined) return;
    for (const parameters of small) await assertSame({ source, parameters });
  });
}

test('a damaged photograph gives the same result or error with levels', async () => {
  const jpeg = await picture.clone().jpeg().toBuffer();
  const strayByte = Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff]), jpeg.subarray(2)]);
  for (const damaged of [strayByte, jpeg.subarray(0, jpeg.length / 2), jpeg.fill(0, jpeg.length / 2)]) {
    const source = await inspect(damaged, limits);
    for (const width of [50, 150, 450]) await assertSame({ source, parameters: { width } });
  }
});

test('draws a watermark with decoder warnings, on results from a level too', async () => {
  const jpeg = await picture.clone().resize(60).jpeg().toBuffer();
  // Stray bytes before the scan.
  const at = jpeg.indexOf(Buffer.from([0xff, 0xda]));
  const stray = Buffer.concat([jpeg.subarray(0, at), Buffer.from([0, 0, 0]), jpeg.subarray(at)]);
  const [source, watermark] = [
    await inspect(await picture.clone().jpeg().toBuffer(), limits),
    await inspect(stray, limits),
  ];
  const { bytes } = await transform(
    { source, parameters: { width: 165, watermark: 'a' }, watermark },
    limits.maxInputPixels,
  );
  assert.ok(bytes.length > 0);
  assert.equal(await assertSame({ source, parameters: { width: 165, watermark: 'a' }, watermark }), 2);
});

test('makes no level before it pays off', async () => {
  const source = await inspect(await photo(1203, 801), limits);
  for (const [others, isMade] of [
    [0, false],
    [1, true],
  ] as const) {
    const offered: boolean[] = [];
    const levels: LevelCache = {
      async use(_imageId, _level, write) {
        offered.push(write !== undefined);
        return undefined;
      },
    };
    const given = { source, parameters: { width: 220 }, watermark: undefined, stored: { ...stored, others } };
    await transform(given, limits.maxInputPixels, { levels });
    assert.deepEqual(offered, [isMade], `${others} other results`);
  }
});
