import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { pixelsOf } from '../helpers/images.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';
import { assertHealthy, post, tally } from './attempt.ts';
import { compressedText, png } from './bombs.ts';
import { smallFiles } from './small-files.ts';

const files = await smallFiles();
const cuts = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99];

test('answers files truncated at any point', { timeout: 120_000 }, async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  const codes: string[] = [];
  for (const [format, file] of Object.entries(files)) {
    for (const part of cuts) {
      const { code, message } = await post(
        service,
        '/resize?width=20',
        file.subarray(0, Math.ceil(file.length * part)),
      );
      const expected = part === 0 ? ['invalid_request'] : ['unprocessable_image', 'unsupported_format'];
      // In an animated GIF the frames before the cut are complete; in other formats the last bytes hardly matter.
      if (part >= (format === 'gif' ? 0.25 : 0.9)) expected.push('success');
      assert.ok(expected.includes(code), `${format} up to ${part} was answered ${code}: ${message}`);
      codes.push(code);
    }
    assert.equal((await post(service, '/resize?width=20', file)).code, 'success', format);
    await assertHealthy(service, format);
  }
  console.log(`cut off: tried ${codes.length}, answered ${tally(codes)}, lost 0`);
});

test('answers files overwritten at any point', { timeout: 120_000 }, async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  const codes: string[] = [];
  for (const [format, file] of Object.entries(files)) {
    for (const part of cuts) {
      for (const value of [0x00, 0xff]) {
        const damaged = Buffer.from(file);
        const at = Math.floor(file.length * part);
        damaged.fill(value, at, Math.min(at + 64, file.length));
        const { code, message } = await post(service, '/resize?width=20', damaged);
        const fine = ['success', 'unprocessable_image', 'unsupported_format'];
        assert.ok(fine.includes(code), `${format} at ${part} was answered ${code}: ${message}`);
        codes.push(code);
      }
    }
    await assertHealthy(service, format);
  }
  console.log(`overwritten: tried ${codes.length}, answered ${tally(codes)}, lost 0`);
});

test('detects the format by content, whatever the name and Content-Type', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  for (const [format, file] of Object.entries(files)) {
    for (const type of ['image/png', 'image/jpeg', 'image/svg+xml', 'image/x-unheard-of']) {
      const { code, body } = await post(service, '/images', file, type);
      assert.deepEqual([code, JSON.parse(String(body)).format], ['success', format]);
    }
    const form = new FormData();
    form.append('image', new Blob([new Uint8Array(file)], { type: 'text/html' }), 'page.html');
    const response = await fetch(`${service.http}/images`, { method: 'POST', body: form });
    assert.equal(((await response.json()) as { format: string }).format, format);
  }
  const others: [what: string, file: Buffer][] = [
    ['HTML', Buffer.from('<!DOCTYPE html><html><body><svg></svg></body></html>')],
    ['PDF', Buffer.from('%PDF-1.7\n1 0 obj\n<< >>\nendobj\n')],
    ['MVG of ImageMagick', Buffer.from("push graphic-context\nimage over 0,0 0,0 'https://127.0.0.1/x.jpg'\n")],
    ['EPS', Buffer.from('%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n')],
    ['JPEG 2000', Buffer.from('\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ', 'latin1')],
    ['Radiance', Buffer.from('#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 1\n\x02\x02\x00\x01')],
    ['PPM', Buffer.from('P6 1 1 255\n\xff\0\0', 'latin1')],
    ['ZIP', Buffer.from('PK\x03\x04')],
    ['gzip', Buffer.from('\x1f\x8b\x08\0', 'latin1')],
    ['zeros', Buffer.alloc(1000)],
    ['only a signature', Buffer.from('GIF8')],
  ];
  for (const [what, file] of others) {
    for (const path of ['/images', '/resize?width=9']) {
      assert.equal((await post(service, path, file, 'image/png')).code, 'unsupported_format', what);
    }
  }
  await assertHealthy(service, 'wrong types');
});

test('handles images with junk metadata', { timeout: 120_000 }, async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  const picture = await photo(80, 60);
  const app1 = (text: string, data: Buffer) => segment(0xe1, Buffer.concat([Buffer.from(text, 'latin1'), data]));
  const icc = (data: Buffer) => segment(0xe2, Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), data]));
  const profile = (await sharp(picture).withIccProfile('srgb').jpeg().toBuffer({ resolveWithObject: true })).data;
  const profileAt = profile.indexOf('ICC_PROFILE\0') + 14;
  const corrupt = Buffer.from(profile);
  corrupt.fill(0xff, profileAt + 128, profileAt + 300);
  const junk: [what: string, file: Buffer][] = [
    ['a corrupt profile', corrupt],
    ['a profile of zeros', withSegments(picture, icc(Buffer.alloc(60_000)))],
    ['a truncated profile', withSegments(picture, icc(profile.subarray(profileAt, profileAt + 60)))],
    ['a profile of text', withSegments(picture, icc(Buffer.from('x'.repeat(200))))],
    [
      '200 EXIF blocks of the largest size',
      withSegments(picture, ...Array(200).fill(app1('Exif\0\0', Buffer.alloc(65_500, 'x')))),
    ],
    ['truncated EXIF', withSegments(picture, app1('Exif\0\0II*\0', Buffer.from([0xff, 0xff, 0xff, 0xff])))],
    ['EXIF that points to itself', withSegments(picture, app1('Exif\0\0', exif(3, 1, 8)))],
    ...[0, 9, 255, 65_535].map((value): [string, Buffer] => [
      `orientation ${value}`,
      withSegments(picture, app1('Exif\0\0', exif(3, value, 0))),
    ]),
    ['an orientation of type ASCII', withSegments(picture, app1('Exif\0\0', exif(2, 0x7878, 0)))],
    ['junk XMP', withSegments(picture, app1('http://ns.adobe.com/xap/1.0/\0', Buffer.alloc(60_000, '<')))],
    ['a PNG with a junk profile', png(80, 60, 60, ['iCCP', Buffer.from('x\0\0not deflated')])],
    ['a PNG with junk EXIF', png(80, 60, 60, ['eXIf', Buffer.alloc(9000, 0xff)])],
    ['a PNG with 100 MB of text', png(80, 60, 60, compressedText(100_000_000))],
  ];
  const codes: string[] = [];
  for (const [what, file] of junk) {
    for (const path of ['/images', '/resize?width=40', '/resize?format=webp']) {
      const { code, message, body } = await post(service, path, file);
      assert.ok(code === 'success' || code === 'unprocessable_image', `${what}: ${code} ${message}`);
      codes.push(code);
      if (code !== 'success' || path === '/images') continue;
      const { width, height } = await pixelsOf(body);
      assert.deepEqual([width, height], path === '/resize?width=40' ? [40, 30] : [80, 60], what);
    }
    await assertHealthy(service, what);
  }
  console.log(`junk in metadata: tried ${codes.length}, answered ${tally(codes)}, lost 0`);
});

function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

/** Inserts segments after a JPEG's first two bytes. */
function withSegments(jpeg: Buffer, ...segments: Buffer[]): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}

/** EXIF with only an orientation and the offset of the next directory. */
function exif(type: number, orientation: number, next: number): Buffer {
  const data = Buffer.from('II*\0\x08\0\0\0\x01\0\x12\x01\0\0\x01\0\0\0\0\0\0\0\0\0\0\0', 'latin1');
  data.writeUInt16LE(type, 12);
  data.writeUInt16LE(orientation, 18);
  data.writeUInt32LE(next, 22);
  return data;
}
