import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatNames } from '../../src/contract/formats.ts';
import type { Parameters } from '../../src/contract/parameters.ts';
import { inspect } from '../../src/worker/images/inspect.ts';
import { green, type Pixels, pixelsOf, red } from '../helpers/images.ts';
import { transformImage } from './transform-image.ts';

const limits = { inputFormats: formatNames, maxInputPixels: 4_000_000 };
const namespace = 'xmlns="http://www.w3.org/2000/svg"';
const drawing = (attributes: string, body = '<rect width="5" height="5" fill="red"/>') =>
  Buffer.from(`<svg ${namespace} ${attributes}>${body}</svg>`);

/** naturalWidth and naturalHeight of an <img> in Chromium 15x, without sizes of 0 and less, which it does not show. */
const sizes: [attributes: string, width: number, height: number][] = [
  ['', 300, 150],
  ['viewBox="0 0 100 100"', 150, 150],
  ['viewBox="0 0 400 100"', 300, 75],
  ['viewBox="0 0 24 96"', 38, 150],
  ['viewBox="0,0,30,10"', 300, 100],
  ['viewBox="0 0 100 100" preserveAspectRatio="none"', 300, 150],
  ['width="100"', 100, 150],
  ['height="100"', 300, 100],
  ['width="100" viewBox="0 0 50 100"', 100, 200],
  ['height="100" viewBox="0 0 50 100"', 50, 100],
  ['width="100%" height="100%"', 300, 150],
  ['width="100%" height="50%" viewBox="0 0 400 100"', 300, 75],
  ['width="auto" height="40" viewBox="0 0 2 1"', 80, 40],
  ['width="foo" height="20"', 300, 20],
  ['width="1e2" height="+20.6"', 100, 21],
  ['width="10rem" height="20PX"', 160, 20],
  ['width="2.54cm" height="72pt"', 96, 96],
  ['width="6pc" height="101.6q"', 96, 96],
  ['width="210mm" height="297mm" viewBox="0 0 210 297"', 794, 1123],
  ['width="1in" height="25.4mm"', 96, 96],
  ['style="width:50%" width="100" height="40" viewBox="0 0 1 1"', 100, 40],
  ['style="width:150px;height:90px !important" viewBox="0 0 100 80"', 188, 150],
  ['style="height:50px" width="100"', 100, 150],
];

for (const [attributes, width, height] of sizes) {
  test(`an SVG with ${attributes || 'no size'} is ${width} x ${height}, described and rendered`, async () => {
    const { width: w, height: h } = await inspect(drawing(attributes), limits);
    assert.deepEqual([w, h], [width, height]);
    const made = await transformImage(drawing(attributes), { format: 'png' }, { maxPixels: limits.maxInputPixels });
    assert.deepEqual([made.width, made.height], [width, height]);
  });
}

test('rejects an SVG without an area, and says why', async () => {
  const refused = { code: 'unprocessable_image', message: /area but received 0 x 10/ };
  await assert.rejects(inspect(drawing('width="0" height="10"'), limits), refused);
});

for (const [unit, pixels] of [
  ['60px', 60],
  ['0.5in', 48],
  ['15mm', 56.7],
  ['1.5cm', 56.7],
  ['45pt', 60],
  ['4pc', 64],
  ['80q', 75.6],
  ['80Q', 75.6],
  ['2.5rem', 40],
  ['60vw', 60],
  ['60vh', 60],
  ['.6e2vmin', 60],
  ['60vmax', 60],
  ['60%', 60],
] as const) {
  test(`${unit} in an SVG of 100 x 100 is ${pixels} pixels, in every size`, async () => {
    const shapes = {
      attribute: `<rect width="${unit}" height="50" fill="red"/>`,
      style: `<rect style="height:50px; width: ${unit};fill:red"/>`,
      'style sheet': `<style>rect{width:${unit};height:50px}</style><rect fill="red"/>`,
      'stroke width': `<path d="M0 25h100" stroke="red" stroke-width="100" stroke-dasharray="${unit} 1000"/>`,
    };
    for (const [place, shape] of Object.entries(shapes)) {
      for (const scale of [1, 3]) {
        const file = drawing('width="100" height="100"', shape);
        const picture = await pixelsOf((await transformImage(file, { width: 100 * scale, format: 'png' })).bytes);
        const width = redIn(picture, 20);
        assert.ok(Math.abs(width - pixels * scale) <= 1, `${width} at ${scale} by ${place}`);
      }
    }
  });
}

test('path data, names and text in an SVG are no lengths', async () => {
  const body = '<path id="5q" class="5rem" d="M0 20q50 0 100 0V0H0z" fill="red"/><text>5q</text>';
  const picture = await pixelsOf(
    (await transformImage(drawing('width="100" height="100"', body), { format: 'png' })).bytes,
  );
  assert.equal(redIn(picture, 10), 100);
});

function redIn({ width, at }: Pixels, y: number): number {
  return Array.from({ length: width }, (_, x) => at(x, y)).filter(([r = 0, , , a = 255]) => r > 128 && a > 128).length;
}

const text = `<?xml version="1.0" encoding="UTF-16"?><svg ${namespace} width="20" height="10"><!-- ü --><rect width="20" height="10" fill="red"/></svg>`;
const utf16 = Buffer.from(`\uFEFF${text}`, 'utf16le');
const encodings: Record<string, Buffer> = {
  'UTF-16, little-endian': utf16,
  'UTF-16, big-endian': Buffer.from(utf16).swap16(),
  'windows-1252': Buffer.from(text.replace('UTF-16', 'windows-1252'), 'latin1'),
  'Shift JIS': Buffer.from(text.replace('UTF-16', 'Shift_JIS').replace('ü', 'x'), 'latin1'),
  'UTF-8 with a byte order mark': Buffer.from(`\uFEFF${text.replace('UTF-16', 'UTF-8')}`),
  'a long comment first': Buffer.from(
    text.replace('UTF-16', 'UTF-8').replace('<svg', `<!--${'x'.repeat(9000)}--><svg`),
  ),
  'a prefix': Buffer.from(
    '<s:svg xmlns:s="http://www.w3.org/2000/svg" width="20" height="10"><s:rect width="20" height="10" fill="red"/></s:svg>',
  ),
  'entities for its names': Buffer.from(
    `<!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg">]><svg xmlns="&ns;" width="20" height="10"><rect width="20" height="10" fill="red"/></svg>`,
  ),
};

for (const [what, file] of Object.entries(encodings)) {
  test(`an SVG in ${what} is drawn`, async () => {
    for (const parameters of [{}, { width: 40 }, { crop: '5,5,10,5', width: 40 }] as const) {
      const { width, at } = await pixelsOf((await transformImage(file, { format: 'png', ...parameters })).bytes);
      assert.deepEqual([width, at(width / 2, 3).slice(0, 3)], [parameters.width === undefined ? 20 : 40, red]);
    }
  });
}

/** An SVG whose lines survive only if it is rendered at the requested size. */
const stripes = drawing(
  'width="40" height="40" viewBox="0 0 400 400"',
  `<rect width="400" height="400" fill="white"/>${Array.from({ length: 100 }, (_, i) => `<rect x="${i * 4}" width="2" height="400"/>`).join('')}`,
);
const before: Parameters[] = [
  {},
  { crop: '10,10,20,20' },
  { crop: '4,0,8,8' },
  { flop: true },
  { rotate: 180 },
  { gamma: 2 },
  { crop: '10,10,20,20', rotate: 180 },
];

for (const parameters of before) {
  test(`an SVG with ${JSON.stringify(parameters)} is rendered at the size of the result`, async () => {
    const share = Number(parameters.crop?.split(',')[2] ?? 40) / 40;
    // Two result pixels per stripe and per gap.
    const width = 400 * share;
    const { at } = await pixelsOf((await transformImage(stripes, { ...parameters, width, format: 'png' })).bytes);
    const row = Array.from({ length: width }, (_, x) => at(x, 9)[0] as number);
    assert.ok(row.filter((value) => value < 8).length >= width * 0.45, `${row.slice(0, 20)}`);
    assert.ok(row.filter((value) => value > 247).length >= width * 0.45, `${row.slice(0, 20)}`);
  });
}

test('an enlarged SVG has the requested size', async () => {
  const file = drawing('width="41" height="20.4"');
  for (const [parameters, size] of [
    [{ width: 69, fit: 'fill' }, [69, 20]],
    [{ height: 99, fit: 'fill', crop: '0,0,20,10' }, [20, 99]],
    [{ width: 100, dpr: 2 }, [200, 98]],
    [{ width: 100, height: 100, fit: 'contain', rotate: 90 }, [100, 100]],
    [{ width: 100, height: 30, fit: 'outside', flip: true }, [100, 49]],
    [{ width: 100, enlarge: false }, [41, 20]],
  ] as const) {
    const { width, height } = await transformImage(file, { format: 'png', ...parameters });
    assert.deepEqual([width, height], size, JSON.stringify(parameters));
  }
});

test('a trimmed SVG is rendered at the size of the result', async () => {
  const circle = drawing('width="100" height="100"', '<circle cx="50" cy="50" r="10" fill="red"/>');
  const { width, at } = await pixelsOf((await transformImage(circle, { trim: true, width: 400, format: 'png' })).bytes);
  const edge = Array.from({ length: width }, (_, x) => at(x, 200)[3] as number).filter(
    (alpha) => alpha > 8 && alpha < 247,
  );
  assert.ok(edge.length <= 4, `${edge.length} half transparent pixels in a row that crosses two edges`);
});

const halves = '<rect width="50%" height="100%" fill="red"/><rect x="50%" width="50%" height="100%" fill="green"/>';
const rules = ['width:100%;height:100%', 'width:30px;height:30px', 'width:35px !important;x:5px;y:5px'];

for (const [attributes, style] of [
  ['', ''],
  ['style="width:30px;height:90px;fill:blue"', ''],
  ['style="width:30px !important"', ''],
  ...rules.map((rule) => ['', `<style>svg{${rule}}</style>`] as const),
] as const) {
  test(`an SVG with ${attributes || style || 'attributes'} keeps its size and crops exactly`, async () => {
    const file = drawing(`width="40" height="20" ${attributes}`, style + halves);
    const cases: [Parameters, size: [number, number], scale: number][] = [
      [{}, [40, 20], 1],
      [{ width: 400 }, [400, 200], 10],
      [{ crop: '10,5,20,10' }, [20, 10], 1],
      [{ crop: '10,5,20,10', width: 200 }, [200, 100], 10],
    ];
    for (const [parameters, size, scale] of cases) {
      const { width, height, at } = await pixelsOf(
        (await transformImage(file, { format: 'png', ...parameters })).bytes,
      );
      assert.deepEqual([width, height], size, JSON.stringify(parameters));
      for (const [x, colour] of [
        [0, red],
        [width / 2 - scale, red],
        [width / 2 + scale, green],
        [width - 1, green],
      ] as const) {
        assert.deepEqual(at(x, height - 1).slice(0, 3), colour, `${JSON.stringify(parameters)}, at ${x}`);
      }
    }
  });
}
