import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Parameters } from '../../src/contract/parameters.ts';
import { distance, pixelsOf } from '../helpers/images.ts';
import { draw } from '../helpers/source-kinds.ts';
import { transformImage } from './transform-image.ts';

/*
 * Checks each effect against its formula, for opaque and semi-transparent pixels.
 */

const toLinear = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const toCurve = (v: number) => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055);
const clamp = (v: number) => Math.min(255, Math.max(0, Math.round(v)));

type Rgb = [number, number, number];

const toXyzRows = [
  [0.4124, 0.3576, 0.1805],
  [0.2126, 0.7152, 0.0722],
  [0.0193, 0.1192, 0.9505],
] as const;
const toRgbRows = [
  [3.2406, -1.5372, -0.4986],
  [-0.9689, 1.8758, 0.0415],
  [0.0557, -0.204, 1.057],
] as const;
const d65 = [0.9505, 1, 1.089] as const;
const times = (rows: readonly (readonly number[])[], v: readonly number[]) =>
  rows.map((row) => row.reduce((sum, value, index) => sum + value * (v[index] as number), 0)) as Rgb;

function toLab(rgb: readonly number[]): Rgb {
  const xyz = times(
    toXyzRows,
    rgb.map((v) => toLinear(v / 255)),
  );
  const [x, y, z] = xyz.map((v, i) => {
    const t = v / (d65[i] as number);
    return t > 216 / 24_389 ? Math.cbrt(t) : ((24_389 / 27) * t + 16) / 116;
  }) as Rgb;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function fromLab([l, a, b]: Rgb): number[] {
  const y = (l + 16) / 116;
  const xyz = [y + a / 500, y, y - b / 200].map((t, i) => {
    const v = t ** 3 > 216 / 24_389 ? t ** 3 : (116 * t - 16) / (24_389 / 27);
    return v * (d65[i] as number);
  });
  return times(toRgbRows, xyz).map((v) => clamp(255 * toCurve(Math.min(1, Math.max(0, v)))));
}

const greyOf = (rgb: readonly number[]) =>
  clamp(
    255 *
      toCurve(
        times(
          toXyzRows,
          rgb.map((v) => toLinear(v / 255)),
        )[1],
      ),
  );

function modulated(rgb: readonly number[], brightness: number, saturation: number, hue: number): number[] {
  const [l, a, b] = toLab(rgb);
  const chroma = Math.hypot(a, b) * saturation;
  const angle = Math.atan2(b, a) + (hue * Math.PI) / 180;
  return fromLab([l * brightness, chroma * Math.cos(angle), chroma * Math.sin(angle)]);
}

/** Muted, so effects stay within the gamut: how colours outside of it are clipped is up to libvips. */
const colours: Rgb[] = [
  [120, 100, 90],
  [90, 110, 130],
  [30, 30, 30],
  [160, 160, 160],
  [100, 130, 100],
  [12, 10, 11],
];

const formulas: Record<string, { parameters: Parameters; expected: (rgb: Rgb) => number[]; within?: number }> = {
  grayscale: { parameters: { grayscale: true }, expected: (rgb) => Array(3).fill(greyOf(rgb)), within: 1 },
  negate: { parameters: { negate: true }, expected: (rgb) => rgb.map((v) => 255 - v), within: 0 },
  threshold: {
    parameters: { threshold: 105 },
    expected: (rgb) => Array(3).fill(greyOf(rgb) >= 105 ? 255 : 0),
    within: 0,
  },
  brightness: { parameters: { brightness: 1.3 }, expected: (rgb) => modulated(rgb, 1.3, 1, 0) },
  saturation: { parameters: { saturation: 0.4 }, expected: (rgb) => modulated(rgb, 1, 0.4, 0) },
  hue: { parameters: { hue: 120 }, expected: (rgb) => modulated(rgb, 1, 1, 120) },
  tint: {
    parameters: { tint: '#b08860' },
    expected(rgb) {
      const [l] = toLab(Array(3).fill(greyOf(rgb)));
      const [, a, b] = toLab([0xb0, 0x88, 0x60]);
      const weight = 1 - 4 * (l / 100 - 0.5) ** 2;
      return fromLab([l, a * weight, b * weight]);
    },
  },
  'grayscale, then tint': {
    parameters: { grayscale: true, tint: '#b08860' },
    expected: (rgb) => formulas.tint?.expected(Array(3).fill(greyOf(rgb)) as Rgb) ?? [],
  },
  blur: { parameters: { blur: 3 }, expected: (rgb) => rgb, within: 1 },
  sharpen: { parameters: { sharpen: 2 }, expected: (rgb) => rgb, within: 1 },
  median: { parameters: { median: 5 }, expected: (rgb) => rgb, within: 0 },
  gamma: { parameters: { gamma: 2.2, width: 10 }, expected: (rgb) => rgb, within: 1 },
  'brightness and sharpen': {
    parameters: { brightness: 1.3, sharpen: 1 },
    expected: (rgb) => modulated(rgb, 1.3, 1, 0),
  },
};

for (const [effect, { parameters, expected, within = 2 }] of Object.entries(formulas)) {
  for (const alpha of [255, 128, 51]) {
    test(`${effect} matches its formula at an alpha of ${alpha}`, async () => {
      for (const colour of colours) {
        const image = await draw(20, 20, 4, () => [...colour, alpha])
          .png()
          .toBuffer();
        const made = await pixelsOf((await transformImage(image, parameters)).bytes);
        // Neighbourhood filters round premultiplied samples.
        const rounding = alpha === 255 ? 0 : 128 / alpha;
        const got = made.at(5, 5);
        assert.ok(
          distance([...expected(colour), alpha], got) <= within + rounding,
          `${colour}: ${expected(colour)} expected, ${got} made`,
        );
      }
    });
  }
}

const flatColours: Rgb[] = [
  [201, 101, 51],
  [3, 251, 7],
  [200, 100, 50],
];

for (const parameters of [{ blur: 3 }, { blur: 20 }, { sharpen: 1 }, { width: 10 }, { width: 10, gamma: 1 }]) {
  for (const alpha of [255, 127, 10]) {
    test(`${JSON.stringify(parameters)} keeps a single colour at an alpha of ${alpha}`, async () => {
      for (const colour of flatColours) {
        const image = await draw(20, 20, 4, () => [...colour, alpha])
          .png()
          .toBuffer();
        const { at } = await pixelsOf((await transformImage(image, parameters)).bytes);
        assert.deepEqual(at(5, 5), alpha === 255 && at(5, 5).length === 3 ? colour : [...colour, alpha]);
      }
    });
  }
}

test('gamma scales in linear light', async () => {
  const stripes = await draw(80, 40, 3, (x) => Array(3).fill(x % 2 === 0 ? 0 : 255))
    .png()
    .toBuffer();
  const { at } = await pixelsOf((await transformImage(stripes, { width: 20, gamma: 2.2 })).bytes);
  assert.ok(distance(at(10, 5), Array(3).fill(255 * 0.5 ** (1 / 2.2))) <= 2, String(at(10, 5)));
});

test('normalize stretches the visible lightness from black to white', async () => {
  const ramp = (x: number) => Array(3).fill(80 + x) as number[];
  const image = await draw(100, 20, 4, (x, y) => (y < 10 ? [...ramp(x), 255] : [255, 0, 255, 0]))
    .png()
    .toBuffer();
  const { at } = await pixelsOf((await transformImage(image, { normalize: true })).bytes);
  const lightness = (x: number) => toLab(ramp(x))[0];
  const [dark, light] = [lightness(1), lightness(98)];
  for (const x of [0, 10, 50, 90, 99]) {
    const expected = fromLab([((lightness(x) - dark) * 100) / (light - dark), 0, 0]);
    assert.ok(distance(at(x, 5).slice(0, 3), expected) <= 3, `${x}: ${at(x, 5)} made, ${expected} expected`);
  }
});

test('median removes a speck', async () => {
  const speck = await draw(20, 20, 3, (x, y) => (x === 9 && y === 9 ? [255, 255, 255] : [50, 60, 70]))
    .png()
    .toBuffer();
  const { at } = await pixelsOf((await transformImage(speck, { median: 3 })).bytes);
  assert.deepEqual(at(9, 9), [50, 60, 70]);
});

for (const sigma of [0.9, 2, 5.9, 10.73, 21.8, 60]) {
  test(`blur by ${sigma} is a Gaussian`, async () => {
    const half = 200;
    const edge = await draw(2 * half, 20, 3, (x) => Array(3).fill(x < half ? 40 : 240))
      .png()
      .toBuffer();
    const { at } = await pixelsOf((await transformImage(edge, { blur: sigma })).bytes);
    const weight = (x: number) => Math.exp(-(x ** 2) / (2 * sigma ** 2));
    const all = Array.from({ length: 8 * half }, (_, index) => index - 4 * half);
    const total = all.reduce((sum, x) => sum + weight(x), 0);
    for (let x = 0; x < 2 * half; x += 1) {
      const lit = all.reduce((sum, away) => (x + away >= half ? sum + weight(away) : sum), 0) / total;
      const expected = 40 + 200 * lit;
      assert.ok(Math.abs((at(x, 10)[0] as number) - expected) <= 3, `${x}: ${expected} expected, ${at(x, 10)} made`);
    }
  });
}
