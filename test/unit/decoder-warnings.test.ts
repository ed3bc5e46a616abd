import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatNames } from '../../src/contract/formats.ts';
import { checkDecodable } from '../../src/worker/images/check-decodable.ts';
import { inspect } from '../../src/worker/images/inspect.ts';
import { quarters, truncated } from '../helpers/images.ts';
import { photo } from '../helpers/photo.ts';
import { transformImage } from './transform-image.ts';

const limits = { inputFormats: formatNames, maxInputPixels: 1_000_000 };
const plain = await photo(96, 64);
const startOfScan = plain.indexOf(Buffer.from([0xff, 0xda]));
const frameHeader = plain.indexOf(Buffer.from([0xff, 0xc0]));
const end = plain.length - 2;

/** The JPEG with bytes inserted or replaced. */
function changed(at: number, bytes: number[], replaced = 0): Buffer {
  return Buffer.concat([plain.subarray(0, at), Buffer.from(bytes), plain.subarray(at + replaced)]);
}

/** Offset of the last three bytes of the scan header: first and last coefficient, and successive approximation. */
const spectral = startOfScan + 2 + plain.readUInt16BE(startOfScan + 2) - 3;

const harmless: Record<string, Buffer> = {
  'stray bytes between segments': changed(frameHeader, [1, 2, 3, 4]),
  'stray bytes before its end': changed(end, [0, 0, 0]),
  'bytes after its end': Buffer.concat([plain, Buffer.from('and more')]),
  'the parameters of a progressive scan': changed(spectral, [0, 0, 0], 3),
  'a scan from the second coefficient on': changed(spectral, [1], 1),
  'JFIF 2.1': changed(2, [0xff, 0xe0, 0, 16, ...Buffer.from('JFIF\0'), 2, 1, 0, 0, 1, 0, 1, 0, 0]),
  'no end marker': plain.subarray(0, -2),
};

for (const [what, file] of Object.entries(harmless)) {
  test(`a JPEG with ${what} has the same pixels as one without`, async () => {
    await checkDecodable(await inspect(file, limits), limits.maxInputPixels);
    for (const parameters of [{}, { width: 20 }, { blur: 1 }] as const) {
      const [made, expected] = await Promise.all(
        [file, plain].map((image) => transformImage(image, { format: 'png', ...parameters })),
      );
      assert.deepEqual(made?.bytes, expected?.bytes);
    }
    const base = await (await quarters(120, 80)).png().toBuffer();
    const [over, expected] = await Promise.all(
      [file, plain].map((watermark) => transformImage(base, { watermark: 'a'.repeat(64) }, { watermark })),
    );
    assert.deepEqual(over?.bytes, expected?.bytes);
  });
}

const ended = Buffer.concat([truncated(plain), Buffer.from([0xff, 0xd9])]);
const lost: Record<string, Buffer> = {
  'the first half': truncated(plain),
  'the first half and an end marker': ended,
  'the first half of a PNG': truncated(await photo(96, 64, 'png')),
  'the first half of a WebP': truncated(await (await quarters(96, 64)).webp().toBuffer()),
};

for (const [what, file] of Object.entries(lost)) {
  test(`rejects ${what}, on upload too`, async () => {
    const refused = { code: 'unprocessable_image', message: /cannot be decoded/ };
    await assert.rejects(transformImage(file, { width: 20 }), refused);
    const check = async () => checkDecodable(await inspect(file, limits), limits.maxInputPixels);
    await assert.rejects(check(), refused);
  });
}

for (const brand of ['avis', 'msf1', 'mif1', 'miaf', 'MA1A', 'iso8']) {
  test(`an AVIF of the major brand ${brand} is rendered as the still image it contains`, async () => {
    const still = await (await quarters(48, 32)).avif().toBuffer();
    const other = Buffer.from(still);
    other.write(brand, 8, 'latin1');
    const [shown, expected] = await Promise.all(
      [other, still].map((image) => transformImage(image, { format: 'png' })),
    );
    assert.deepEqual(shown?.bytes, expected?.bytes);
  });
}
