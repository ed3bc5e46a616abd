import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headLength, sniff, svgHeadLength } from '../../src/worker/images/sniff.ts';
import { plain, red, svg } from '../helpers/images.ts';

for (const format of ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const) {
  test(`recognizes ${format} by its first bytes`, async () => {
    const image = await plain(8, 8, red).toFormat(format).toBuffer();
    assert.equal(sniff(image), format);
    assert.equal(sniff(image.subarray(0, headLength)), format);
    assert.equal(sniff(image.subarray(1)), undefined);
  });
}

const ftyp = (size: number, ...brands: string[]) => {
  const box = Buffer.alloc(8);
  box.writeUInt32BE(size);
  box.write('ftyp', 4);
  return Buffer.concat([box, ...brands.map((brand) => Buffer.from(brand)), Buffer.alloc(64)]);
};

test('recognizes AVIF by a compatible brand, only within the ftyp box', () => {
  assert.equal(sniff(ftyp(24, 'mif1', '\0\0\0\0', 'miaf', 'avif')), 'avif');
  assert.equal(sniff(ftyp(16, 'avis', '\0\0\0\0')), 'avif');
  assert.equal(sniff(ftyp(20, 'heic', '\0\0\0\0', 'mif1', 'avif')), undefined);
  assert.equal(sniff(ftyp(20, 'heic', 'avif', 'mif1')), undefined);
});

test('recognizes TIFF and BigTIFF in either byte order', () => {
  for (const magic of ['II*\0', 'MM\0*', 'II+\0', 'MM\0+']) assert.equal(sniff(Buffer.from(`${magic}rest`)), 'tiff');
});

const drawings = {
  'a root alone': '<svg>',
  'a prefix': '<svg:svg xmlns:svg="http://www.w3.org/2000/svg"/>',
  'a long comment first': `<!-- ${'licence '.repeat(1000)}-->\n<svg/>`,
  'a long document type first': `<!DOCTYPE svg [${'<!ENTITY ns "http://ns.adobe.com/">\n'.repeat(100)}]><svg/>`,
  'a byte order mark': '\uFEFF<svg xmlns="http://www.w3.org/2000/svg"/>',
  'everything that may come first':
    '<?xml version="1.0"?>\r\n<!-- <html> --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "a.dtd" [\n<!ENTITY x ">">\n]>\n<svg\n>',
};
for (const encoding of ['utf16le', 'utf16be'] as const) {
  for (const mark of ['\uFEFF', '']) {
    test(`recognizes SVG in ${encoding} ${mark === '' ? 'without' : 'with'} a byte order mark`, () => {
      const bytes = Buffer.from(`${mark}<?xml version="1.0" encoding="UTF-16"?><svg/>`, 'utf16le');
      assert.equal(sniff(encoding === 'utf16be' ? bytes.swap16() : bytes), 'svg');
    });
  }
}

for (const [name, text] of Object.entries(drawings)) {
  test(`recognizes SVG with ${name}`, () => assert.equal(sniff(Buffer.from(text)), 'svg'));
}

const others = {
  nothing: '',
  text: 'an <svg> in a sentence',
  html: '<!DOCTYPE html><html><svg></svg></html>',
  'another element': '<svgx>',
  'an svg too far down': `<!--${' '.repeat(svgHeadLength)}--><svg>`,
  'a comment without an end': `<!--${'<!--'.repeat(10_000)}`,
  pdf: '%PDF-1.7',
};
for (const [name, text] of Object.entries(others)) {
  test(`does not recognize ${name} as an image`, () => assert.equal(sniff(Buffer.from(text)), undefined));
}

test('recognizes the SVG used by other tests', () => assert.equal(sniff(svg), 'svg'));
