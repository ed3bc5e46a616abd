import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import type { Parameters } from '../../src/contract/parameters.ts';
import { unpremultiply } from '../../src/worker/images/pixels.ts';
import { avifFile } from '../helpers/avif-files.ts';
import { type CameraExif, cameraExif, withExif } from '../helpers/camera-exif.ts';
import { distance, pixelsOf } from '../helpers/images.ts';
import { cHRM, cICP, gAMA, sRGB, withChunk } from '../helpers/png-chunks.ts';
import { draw, draw16Bit } from '../helpers/source-kinds.ts';
import { tiff } from '../helpers/tiff.ts';
import { transformImage } from './transform-image.ts';

/*
 * Checks the handling of colour information in files against the formulas of ITU-T H.273, CSS Color 4 and the PNG
 * specification.
 */

type Rgb = [number, number, number];
type Matrix = [Rgb, Rgb, Rgb];

const times = (m: Matrix, v: Rgb) => m.map((row) => row.reduce((sum, x, i) => sum + x * (v[i] as number), 0)) as Rgb;

/** Solves m x = v by Cramer's rule. */
function solve(m: Matrix, v: Rgb): Rgb {
  const det = ([a, b, c]: Matrix) =>
    a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
  const column = (at: number) => m.map((row, r) => row.map((x, c) => (c === at ? v[r] : x))) as Matrix;
  return [0, 1, 2].map((at) => det(column(at)) / det(m)) as Rgb;
}

/** Linear RGB to XYZ, from x and y of white, red, green and blue. */
function matrixOf([wx, wy, ...rgb]: readonly number[]): Matrix {
  const xyz = (x: number, y: number): Rgb => [x / y, 1, (1 - x - y) / y];
  const columns = [0, 2, 4].map((at) => xyz(rgb[at] as number, rgb[at + 1] as number));
  const rows = [0, 1, 2].map((row) => columns.map((column) => column[row])) as Matrix;
  const weights = solve(rows, xyz(wx as number, wy as number));
  return rows.map((row) => row.map((x, i) => x * (weights[i] as number))) as Matrix;
}

const d65 = [0.3127, 0.329];
const srgb = [...d65, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06];
const p3 = [...d65, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06];
const bt2020 = [...d65, 0.708, 0.292, 0.17, 0.797, 0.131, 0.046];
const adobe = [...d65, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06];

const curve = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const inverse = (v: number) => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055);
const power = (exponent: number) => (v: number) => v ** exponent;

function shown(rgb: Rgb, primaries: readonly number[], toLinear: (v: number) => number): number[] {
  const light = solve(matrixOf(srgb), times(matrixOf(primaries), rgb.map((v) => toLinear(v / 255)) as Rgb));
  return light.map((v) => 255 * inverse(Math.min(1, Math.max(0, v))));
}

const colours: Rgb[] = [
  [200, 100, 50],
  [30, 60, 90],
  [128, 128, 128],
  [60, 160, 60],
  [255, 255, 255],
  [12, 16, 32],
  [0, 0, 0],
];

const strip = 32;
const strips = (x: number) => colours[Math.floor(x / strip)] as Rgb;
const width = strip * colours.length;
const plain = await draw(width, 8, 3, strips).png().toBuffer();
const deep = await draw16Bit(width, 8, 3, (x) => strips(x).map((v) => v * 257))
  .png()
  .toBuffer();
const p3Profile = (await sharp(await sharp(plain).withIccProfile('p3').png().toBuffer()).metadata()).icc as Buffer;
const cmykProfile = (
  await sharp(await sharp(plain).withIccProfile('cmyk').toColourspace('cmyk').jpeg().toBuffer()).metadata()
).icc as Buffer;
const profiled = withChunk(plain, 'iCCP', Buffer.concat([Buffer.from('P3\0\0'), deflateSync(p3Profile)]));

/** The nclx box that sharp writes, with other codes. */
function nclx(avif: Buffer, primaries: number, transfer: number): Buffer {
  const changed = Buffer.from(avif);
  const at = changed.indexOf('colrnclx') + 8;
  assert.ok(at > 8);
  changed.writeUInt16BE(primaries, at);
  changed.writeUInt16BE(transfer, at + 2);
  return changed;
}
const avif = await sharp(plain).avif({ quality: 100, lossless: true, chromaSubsampling: '4:4:4' }).toBuffer();
const avif10 = await sharp(plain).avif({ quality: 100, lossless: true, bitdepth: 10 }).toBuffer();

const best = { quality: 100, chromaSubsampling: '4:4:4' } as const;
const jpeg = await sharp(plain).jpeg(best).toBuffer();
const uncalibrated = 0xffff;
const adobeRgb = { primaries: adobe, toLinear: power(563 / 256) };
// JPEG rounds, to differences that grow in dark colours.
const camera = (exif: CameraExif, order: 'II' | 'MM' = 'MM'): Case => ({
  file: withExif(jpeg, cameraExif(exif, order)),
  tolerance: 4,
});

interface Case {
  file: Buffer | Promise<Buffer>;
  primaries?: readonly number[];
  toLinear?: (v: number) => number;
  tolerance?: number;
}

const cases: Record<string, Case> = {
  'no colour information': { file: plain },
  'an sRGB chunk before gAMA and cHRM': { file: sRGB(gAMA(cHRM(plain, adobe), 1)) },
  'gAMA alone': { file: gAMA(plain, 1 / 1.8), toLinear: power(1.8) },
  'gAMA of sRGB': { file: gAMA(plain, 0.45455) },
  'gAMA of sRGB, 16 bits': { file: gAMA(deep, 0.45455) },
  'gAMA just within 5 % of sRGB': { file: gAMA(plain, 0.433) },
  'gAMA just beyond 5 % of sRGB': { file: gAMA(plain, 0.43), toLinear: power(1 / 0.43) },
  'gAMA of sRGB and cHRM': { file: cHRM(gAMA(plain, 0.45455), srgb), toLinear: power(2.2) },
  'gAMA for linear light': { file: gAMA(plain, 1), toLinear: power(1) },
  'gAMA and cHRM': { file: cHRM(gAMA(plain, 1 / 2.2), adobe), primaries: adobe, toLinear: power(2.2) },
  'gAMA and cHRM, 16 bits': { file: cHRM(gAMA(deep, 1 / 2.2), adobe), primaries: adobe, toLinear: power(2.2) },
  'cHRM alone': { file: cHRM(plain, p3), primaries: p3 },
  'cHRM that spans nothing': { file: cHRM(plain, [...d65, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3]) },
  'gAMA of nothing': { file: gAMA(plain, 0) },
  'cICP for Display P3': { file: cICP(plain, 12, 13, 0, 1), primaries: p3 },
  'cICP for Display P3, 16 bits': { file: cICP(deep, 12, 13, 0, 1), primaries: p3 },
  'cICP before sRGB and gAMA': { file: cICP(sRGB(gAMA(plain, 1)), 9, 13, 0, 1), primaries: bt2020 },
  'cICP with a matrix, invalid in PNG': { file: cICP(plain, 12, 13, 1, 1) },
  'cICP of unknown codes': { file: cICP(plain, 77, 77, 0, 1) },
  'cICP of a narrow range': {
    file: cICP(plain, 1, 13, 0, 0),
    toLinear: (v) => curve(Math.min(1, Math.max(0, (v * 255 - 16) / 219))),
  },
  'cICP for sRGB before a profile': { file: cICP(profiled, 1, 13, 0, 1) },
  'a profile before sRGB and gAMA': { file: sRGB(gAMA(profiled, 1)), primaries: p3 },
  'AVIF, nclx for sRGB': { file: nclx(avif, 1, 13) },
  'AVIF, nclx for BT.709, as browsers show it': { file: nclx(avif, 1, 1) },
  'AVIF, nclx for Display P3': { file: nclx(avif, 12, 13), primaries: p3 },
  'AVIF, nclx for linear light': { file: nclx(avif, 1, 8), toLinear: power(1) },
  'AVIF of 10 bits, nclx for Display P3': { file: nclx(avif10, 12, 13), primaries: p3 },
  'JPEG, EXIF for sRGB': camera({ colorSpace: 1, index: 'R98', primaries: adobe, gamma: 1 }),
  'JPEG, EXIF for Adobe RGB': { ...camera({ colorSpace: uncalibrated, index: 'R03' }), ...adobeRgb },
  'JPEG, little-endian EXIF for Adobe RGB': {
    ...camera({ colorSpace: uncalibrated, index: 'R03' }, 'II'),
    ...adobeRgb,
  },
  'JPEG, EXIF for Adobe RGB outside the standard': { ...camera({ colorSpace: 2 }), ...adobeRgb },
  'JPEG, EXIF with primaries': {
    ...camera({ colorSpace: uncalibrated, primaries: p3 }),
    primaries: p3,
    toLinear: power(2.2),
  },
  'JPEG, EXIF with primaries and gamma': {
    ...camera({ colorSpace: uncalibrated, index: 'R98', primaries: adobe, gamma: 1.8 }),
    primaries: adobe,
    toLinear: power(1.8),
  },
  'JPEG, EXIF with primaries that span nothing': camera({
    colorSpace: uncalibrated,
    primaries: [...d65, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3],
  }),
  'JPEG, EXIF of an unknown space': camera({ colorSpace: uncalibrated }),
  'JPEG, a profile before EXIF': {
    file: withExif(
      await sharp(plain).withIccProfile('p3').jpeg(best).toBuffer(),
      cameraExif({ colorSpace: uncalibrated, index: 'R03' }),
    ),
    tolerance: 4,
  },
};

const uses: Record<string, Parameters> = {
  'as it is': {},
  scaled: { width: width / 2 },
  'after an effect': { saturation: 1.001 },
  'in 16 bits': { lossless: true },
};

for (const [what, { file, primaries = srgb, toLinear = curve, tolerance = 2 }] of Object.entries(cases)) {
  test(`${what}: renders the intended colours`, async () => {
    for (const [use, parameters] of Object.entries(uses)) {
      const { at, width: made } = await pixelsOf(
        (await transformImage(await file, { format: 'png', ...parameters })).bytes,
      );
      for (const [index, colour] of colours.entries()) {
        const got = at(Math.floor(((index + 0.5) * made) / colours.length), 2).slice(0, 3);
        const expected = shown(colour, primaries, toLinear);
        assert.ok(distance(expected, got) <= tolerance, `${use}, ${colour}: ${expected} expected, ${got} made`);
      }
    }
  });
}

for (const bits of [8, 16]) {
  test(`renders grey of ${bits} bits with gAMA as intended`, async () => {
    const grey =
      bits === 8
        ? await draw(8, 8, 1, () => [100])
            .toColourspace('b-w')
            .png()
            .toBuffer()
        : await draw16Bit(8, 8, 1, () => [100 * 257])
            .png()
            .toBuffer();
    for (const parameters of Object.values(uses)) {
      const made = await pixelsOf((await transformImage(gAMA(grey, 1), { format: 'png', ...parameters })).bytes);
      const expected = 255 * inverse(100 / 255);
      assert.ok(Math.abs((made.at(2, 2)[0] as number) - expected) <= 1, `${made.at(2, 2)}`);
    }
  });
}

for (const [name, transfer, sdrWhite] of [
  ['PQ', 16, 0.5807],
  ['HLG', 18, 0.75],
] as const) {
  test(`tone-maps ${name} to SDR: keeps white bright, mid grey dark and highlights distinct`, async () => {
    const samples = [0, 0.5 * sdrWhite, sdrWhite, 0.5 * (1 + sdrWhite)].map((v) => Math.round(255 * v));
    const image = await draw(32, 8, 3, (x) => Array(3).fill(samples[Math.floor(x / 8)]))
      .png()
      .toBuffer();
    const { at } = await pixelsOf((await transformImage(cICP(image, 9, transfer, 0, 1), { format: 'png' })).bytes);
    const [black, dark, white, highlight] = [4, 12, 20, 28].map((x) => at(x, 4)[0] as number) as [
      number,
      number,
      number,
      number,
    ];
    assert.equal(black, 0);
    assert.ok(dark > 20 && dark < 128, `dark: ${dark}`);
    assert.ok(white > 190 && white < 250, `white: ${white}`);
    assert.ok(highlight > white + 5, `highlight: ${highlight}`);
  });
}

test("renders a watermark in its file's intended colours", async () => {
  const ground = await draw(100, 100, 3, () => [10, 10, 10])
    .png()
    .toBuffer();
  const marks = [cICP(plain, 12, 13, 0, 1), cICP(deep, 12, 13, 0, 1), cHRM(gAMA(deep, 1 / 2.2), p3)];
  for (const [index, mark] of marks.entries()) {
    const made = await transformImage(
      ground,
      { watermark: '0'.repeat(64), watermark_position: 'left top' },
      { watermark: mark },
    );
    const { at } = await pixelsOf(made.bytes);
    const expected = shown(colours[0] as Rgb, p3, index === 2 ? power(2.2) : curve);
    assert.ok(distance(expected, at(3, 3)) <= 2, `${index}: ${expected} expected, ${at(3, 3)} made`);
  }
});

const fill = (samples: readonly number[], bytes: 1 | 2) => {
  const data = Buffer.alloc(64 * samples.length * bytes);
  for (let at = 0; at < 64 * samples.length; at += 1) {
    data.writeUIntLE(samples[at % samples.length] as number, at * bytes, bytes);
  }
  return data;
};

test('converts 16-bit RGB with a profile, with and without alpha, as a watermark too', async () => {
  const base = { width: 8, height: 8, bits: 16, photometric: 2, icc: p3Profile };
  const data = (samples: number[]) =>
    fill(
      samples.map((v) => v * 257),
      2,
    );
  const opaque = tiff({ ...base, channels: 3, data: data([200, 100, 50]) });
  const half = tiff({ ...base, channels: 4, extra: 2, data: data([200, 100, 50, 128]) });
  const expected = shown([200, 100, 50], p3, curve);
  for (const [image, alpha] of [
    [opaque, []],
    [half, [128]],
  ] as const) {
    for (const parameters of [{}, { width: 4 }, { lossless: true }, { brightness: 1.001 }] as Parameters[]) {
      const { at } = await pixelsOf((await transformImage(image, { format: 'png', ...parameters })).bytes);
      assert.ok(distance([...expected, ...alpha], at(1, 1)) <= 2, `${at(1, 1)}`);
    }
  }
  const ground = await draw(20, 20, 3, () => [10, 10, 10])
    .png()
    .toBuffer();
  const { at } = await pixelsOf(
    (await transformImage(ground, { watermark: '0'.repeat(64) }, { watermark: opaque })).bytes,
  );
  assert.ok(distance(expected, at(18, 18)) <= 2, `${at(18, 18)}`);
});

test('keeps the alpha of CMYK of 16 bits', async () => {
  const base = { width: 8, height: 8, bits: 16, photometric: 5 };
  for (const icc of [undefined, cmykProfile]) {
    const file = (alpha: number[]) =>
      tiff({
        ...base,
        channels: 4 + alpha.length,
        ...(alpha.length > 0 ? { extra: 2 } : {}),
        ...(icc === undefined ? {} : { icc }),
        data: fill([0, 32_768, 49_152, 8192, ...alpha], 2),
      });
    for (const parameters of Object.values(uses)) {
      const pixel = async (image: Buffer) =>
        (await pixelsOf((await transformImage(image, { format: 'png', ...parameters })).bytes)).at(1, 1);
      const [opaque, half] = [await pixel(file([])), await pixel(file([128 * 257]))];
      assert.ok(distance([...opaque, 128], half) <= 1, `${half}`);
    }
  }
});

test('unpremultiplies premultiplied colours', async () => {
  const multiplied = (bits: 8 | 16) =>
    fill(
      [100, 50, 25, 128].map((v) => (bits === 8 ? v : v * 257)),
      (bits / 8) as 1 | 2,
    );
  const inTiff = (bits: 8 | 16) =>
    tiff({ width: 8, height: 8, channels: 4, bits, photometric: 2, extra: 1, data: multiplied(bits) });
  const files = [inTiff(8), inTiff(16), avifFile('premultiplied'), avifFile('premultipliedDeep')];
  for (const [index, image] of files.entries()) {
    for (const parameters of Object.values(uses)) {
      const { at } = await pixelsOf((await transformImage(image, { format: 'png', ...parameters, width: 12 })).bytes);
      assert.ok(distance([200, 100, 50, 128], at(2, 2)) <= 1, `${index}: ${at(2, 2)}`);
    }
  }
  const ground = await draw(48, 48, 3, () => [0, 0, 0])
    .png()
    .toBuffer();
  const { at } = await pixelsOf(
    (await transformImage(ground, { watermark: '0'.repeat(64) }, { watermark: files[2] })).bytes,
  );
  assert.ok(distance([100, 50, 25], at(36, 36)) <= 1, `${at(36, 36)}`);
});

test('unpremultiplies white exactly at any alpha', () => {
  for (const [Samples, most] of [
    [Uint8Array, 255],
    [Uint16Array, 65_535],
  ] as const) {
    const data = new Samples(4 * most).map((_, at) => (at >> 2) + 1);
    unpremultiply({ data, width: most, height: 1, channels: 4 });
    assert.ok(data.every((value, at) => value === ((at & 3) === 3 ? (at >> 2) + 1 : most)));
  }
});

for (const name of ['greyProfile', 'greyProfileDeep'] as const) {
  test(`AVIF of one channel, ${name}: applies its profile`, async () => {
    for (const parameters of Object.values(uses)) {
      const { at } = await pixelsOf((await transformImage(avifFile(name), { format: 'png', ...parameters })).bytes);
      const expected = 255 * inverse(120 / 255);
      assert.ok(distance(Array(3).fill(expected), at(2, 2)) <= 1, `${at(2, 2)}`);
    }
  });
}

test('converts subsampled and JPEG-compressed YCbCr of a TIFF to RGB', async () => {
  const blocks = Buffer.alloc(16 * 6, Buffer.from([124, 124, 124, 124, 86, 182]));
  const subsampled = tiff({
    width: 8,
    height: 8,
    channels: 3,
    bits: 8,
    photometric: 6,
    subsampling: [2, 2],
    data: blocks,
  });
  const compressed = await draw(16, 16, 3, () => [200, 100, 50])
    .tiff({ compression: 'jpeg', quality: 100 })
    .toBuffer();
  for (const image of [subsampled, compressed]) {
    const { at } = await pixelsOf((await transformImage(image, { format: 'png' })).bytes);
    assert.ok(distance([200, 100, 50], at(4, 4)) <= 2, `${at(4, 4)}`);
  }
});

const refused = {
  'float samples': { channels: 3, bits: 32, format: 3, photometric: 2 },
  'samples of 32 bits': { channels: 3, bits: 32, photometric: 2 },
  'signed samples': { channels: 3, bits: 16, format: 2, photometric: 2 },
  'CIELab of 16 bits': { channels: 3, bits: 16, photometric: 8 },
  'YCbCr that is not compressed': { channels: 3, bits: 8, photometric: 6, subsampling: [1, 1] as [number, number] },
};
for (const [what, samples] of Object.entries(refused)) {
  test(`rejects ${what}, and says why`, async () => {
    const data = Buffer.alloc(64 * samples.channels * (samples.bits / 8));
    await assert.rejects(transformImage(tiff({ width: 8, height: 8, ...samples, data }), {}), {
      code: 'unsupported_format',
      message: /^Expected grey, RGB or CMYK of 8 or 16 bits, .* but received /,
    });
  });
}
