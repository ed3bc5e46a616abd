import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Parameters } from '../../src/contract/parameters.ts';
import { withCustomProperties } from '../../src/worker/images/svg/custom-properties.ts';
import { distance, pixelsOf } from '../helpers/images.ts';
import { transformImage } from './transform-image.ts';

const drawing = (attributes: string, body = '') =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${body}</svg>`);

const lime = [0, 255, 0, 255];
const size = 'width="40" height="20"';

const lined: Record<string, Buffer> = {
  'a background colour': drawing(`${size} style="background-color:#0f0"`),
  'a background of one colour': drawing(`${size} style="width:7px;BACKGROUND : rgb(0, 255, 0) !important;"`),
  'a background that is replaced': drawing(`${size} style="background:red;background-color:lime"`),
  'a background before one that is not understood': drawing(
    `${size} style="background:lime;background-color:light-dark(#fff, #000)"`,
  ),
  'a background beside its viewBox': drawing(`${size} viewBox="-5 20 10 10" style="background:lime"`),
  'a background beside its viewBox, aligned': drawing(
    `${size} viewBox="5 5 1 30" preserveAspectRatio="xMaxYMin" style="background:lime"`,
  ),
  'a background and a viewBox that is sliced': drawing(
    `${size} viewBox="0 0 10 10" preserveAspectRatio="xMidYMid slice" style="background:lime"`,
  ),
  'a background and other styles of shapes': drawing(
    `${size} fill-opacity="0.5" stroke="red" style="background:lime"`,
    '<style>polygon{fill:red;opacity:0;stroke:blue}</style>',
  ),
  'a background and a prefix': Buffer.from(
    `<s:svg xmlns:s="http://www.w3.org/2000/svg" ${size} style="background:lime"></s:svg>`,
  ),
};

const uses: Parameters[] = [
  {},
  { width: 80 },
  { width: 200, height: 30, fit: 'fill' },
  { crop: '4,2,30,10', width: 60 },
];

for (const [what, file] of Object.entries(lined)) {
  test(`an SVG with ${what} is drawn on it`, async () => {
    for (const parameters of uses) {
      const { width, height, at } = await pixelsOf(
        (await transformImage(file, { format: 'png', ...parameters })).bytes,
      );
      for (const [x, y] of [
        [0, 0],
        [width - 1, 0],
        [width / 2, height / 2],
        [0, height - 1],
        [width - 1, height - 1],
      ] as const) {
        assert.deepEqual([...at(x, y), 255].slice(0, 4), lime, `${JSON.stringify(parameters)} ${x},${y}`);
      }
    }
  });
}

for (const background of ['none', 'transparent', 'url(#a)', 'linear-gradient(red, lime)', 'nonsense', '&quot;']) {
  test(`an SVG with a background of ${background} stays transparent`, async () => {
    const file = drawing(`${size} style="background:${background}"`);
    const { at } = await pixelsOf((await transformImage(file, { format: 'png' })).bytes);
    assert.equal(at(20, 10)[3], 0);
  });
}

const filled: Record<string, string> = {
  'a fallback': '<rect width="40" height="20" fill="var(--fill-0, lime)"/>',
  'a fallback within a fallback': '<rect width="40" height="20" style="fill:var(--a,var(--b, rgb(0, 255, 0)))"/>',
  'a value in a style sheet': '<style>:root{--a:lime}rect{fill:var(--a, red)}</style><rect width="40" height="20"/>',
  'a value of another property':
    '<g style="--a: var(--b);--b: lime"><rect width="40" height="20" fill="var(--a)"/></g>',
  'another value in a dark theme':
    '<style>@media (prefers-color-scheme:dark){:root{--a:red}}:root{--a:lime}</style><rect width="40" height="20" fill="var(--a)"/>',
};

for (const [what, body] of Object.entries(filled)) {
  test(`an SVG with ${what} for a custom property shows it`, async () => {
    const { at } = await pixelsOf((await transformImage(drawing(size, body), { format: 'png' })).bytes);
    assert.deepEqual([...at(20, 10), 255].slice(0, 4), lime);
  });
}

const queries: [query: string, isMatching: boolean][] = [
  ['screen', true],
  ['print', false],
  ['not print', true],
  ['print, only screen and (min-width:40px)', true],
  ['(min-width: 41px)', false],
  ['(MAX-WIDTH: 3em)', true],
  ['(max-height: 19.9px)', false],
  ['screen and (min-height: 10px) and (orientation: landscape)', true],
  ['(prefers-color-scheme: light)', true],
  ['(prefers-color-scheme: dark)', false],
  ['not all and (monochrome)', true],
  ['(monochrome)', false],
];

for (const [query, isMatching] of queries) {
  test(`rules of an SVG for @media ${query} ${isMatching ? 'apply' : 'do not apply'}`, async () => {
    const sheet = `rect{fill:red} @media ${query}{rect{fill:lime}.a{fill:blue}} rect{stroke:none}`;
    const file = drawing(size, `<style>${sheet}</style><rect width="40" height="20"/>`);
    const { at } = await pixelsOf((await transformImage(file, { format: 'png', width: 80 })).bytes);
    assert.equal(distance(isMatching ? lime : [255, 0, 0], at(20, 10)), 0);
  });
}

/** By the conversions of CSS Color 4, clipped to the gamut of sRGB. */
const colours: [css: string, rgba: number[]][] = [
  ['oklch(62.796% 0.25768 29.234)', [255, 0, 0, 255]],
  ['oklch(0.62796 64.42% 0.081206turn)', [255, 0, 0, 255]],
  ['oklab(.62796 .22486 .12585)', [255, 0, 0, 255]],
  ['lab(54.29 80.805 69.891)', [255, 0, 0, 255]],
  ['LCH(54.29% 106.837 40.858deg)', [255, 0, 0, 255]],
  ['color(srgb 100% 0 none)', [255, 0, 0, 255]],
  ['color(display-p3 1 0 0 / 50%)', [255, 0, 0, 128]],
  ['color(rec2020 1 0 0)', [255, 0, 0, 255]],
  ['color(srgb-linear 0.2159 0.2159 0.2159)', [128, 128, 128, 255]],
  ['color(display-p3 0.8 0.4 0.2)', [219, 94, 31, 255]],
  ['lab(100 0 0)', [255, 255, 255, 255]],
];

for (const [css, expected] of colours) {
  test(`an SVG shows ${css} in sRGB`, async () => {
    const body = `<style>.a{fill:${css}}</style><rect width="20" height="20" fill="${css}"/><rect x="20" width="10" height="20" style="fill:${css}"/><rect class="a" x="30" width="10" height="20"/>`;
    const { at } = await pixelsOf((await transformImage(drawing(size, body), { format: 'png' })).bytes);
    for (const x of [10, 25, 35]) assert.ok(distance(expected, at(x, 10)) <= 1, `${at(x, 10)}`);
  });
}

test('an SVG keeps colours of unknown spaces for librsvg, which uses the declaration before', async () => {
  const body = '<rect width="40" height="20" style="fill:lime;fill:color(unknown 1 0 0);fill:lab(1 2)"/>';
  const { at } = await pixelsOf((await transformImage(drawing(size, body), { format: 'png' })).bytes);
  assert.equal(distance(lime, at(20, 10)), 0);
});

test('a drawing within an SVG shows its background, custom properties and units', async () => {
  const inner = drawing(`${size} style="background:lime"`, '<rect width="1.25rem" height="10" fill="var(--a, blue)"/>');
  for (const file of [inner, Buffer.from(`\uFEFF${inner}`, 'utf16le')]) {
    const uri = `data:image/svg+xml;base64,${file.toString('base64')}`;
    const outer = drawing(size, `<image ${size} href="${uri}"/>`);
    const { at } = await pixelsOf((await transformImage(outer, { format: 'png' })).bytes);
    assert.deepEqual(
      [at(10, 5), at(30, 15)].map((pixel) => pixel.slice(0, 3)),
      [[0, 0, 255], lime.slice(0, 3)],
    );
  }
});

test('replaces custom properties in tags and style sheets only', () => {
  for (const text of [
    '<text>var(--a, 1)</text>',
    '<!-- var(--a, 1) -->',
    '<g fill="var(--a)"/>',
    '<g style="--a:var(--a)"/>',
  ]) {
    assert.equal(withCustomProperties(text), text);
  }
});

test('values that refer to each other do not grow without end', { timeout: 10_000 }, () => {
  const chain = Array.from({ length: 50 }, (_, i) => `--a${i}:${`var(--a${i + 1})`.repeat(20)}`).join(';');
  const text = `<g style="${chain};--a50:red"/>${'<g fill="var(--a0)"/>'.repeat(1000)}`;
  assert.ok(withCustomProperties(text).length < 500_000);
});
