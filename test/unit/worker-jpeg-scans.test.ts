import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { checkScans } from '../../src/worker/images/jpeg/scans.ts';
import { photo } from '../helpers/photo.ts';
import { transformImage } from './transform-image.ts';

const picture = sharp(await photo(150, 101, 'png'));
const progressive = await picture.clone().jpeg({ progressive: true, optimiseScans: true }).toBuffer();
const sequential = await picture.clone().jpeg().toBuffer();
const lastScan = progressive.subarray(progressive.lastIndexOf(Buffer.from([0xff, 0xda])), -2);

/** Repeats the last scan, after `before`. */
const withScans = (count: number, before = Buffer.alloc(0)) =>
  Buffer.concat([
    progressive.subarray(0, 2),
    before,
    progressive.subarray(2, -2),
    ...Array<Buffer>(count).fill(lastScan),
    progressive.subarray(-2),
  ]);

const tooMany = {
  code: 'unprocessable_image',
  message: 'Expected a jpeg image of at most 100 scans but received more',
};

test('refuses a JPEG with more than 100 scans', async () => {
  await assert.rejects(transformImage(withScans(100), { width: 20 }), tooMany);
  const { width } = await transformImage(withScans(50), { width: 20 });
  assert.equal(width, 20);
});

for (const [what, bytes] of Object.entries({
  'stray bytes': Buffer.from('stray'),
  'fill bytes': Buffer.from([0xff, 0xff]),
  'a marker without a length': Buffer.from([0xff, 0x01]),
})) {
  test(`counts scans after ${what}`, () => assert.throws(() => checkScans(withScans(100, bytes)), tooMany));
}

test('counts no scans in segments, nor after the end of the image', () => {
  const scans = Buffer.concat(Array<Buffer>(200).fill(Buffer.from([0xff, 0xda, 0, 2])));
  const length = Buffer.alloc(2);
  length.writeUInt16BE(scans.length + 2);
  for (const file of [progressive, sequential]) {
    checkScans(Buffer.concat([file.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, scans, file.subarray(2), scans]));
  }
});

test('reads a million fill bytes at once', () => {
  checkScans(Buffer.concat([progressive.subarray(0, 2), Buffer.alloc(1_000_000, 0xff), Buffer.alloc(1)]));
});
