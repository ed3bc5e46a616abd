import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { readExif } from '../../src/worker/images/metadata/exif.ts';
import { distance, green, pixelsOf, quarters, red } from '../helpers/images.ts';
import { encodedChunk, withChunk } from '../helpers/png-chunks.ts';
import { transformImage } from './transform-image.ts';

const picture = await (await quarters(40, 20)).png().toBuffer();
const artist = 'Someone\0';
const xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><title>a title</title></x:xmpmeta>';

/** EXIF data with orientation 6 and an artist. */
const exif = Buffer.alloc(64);
exif.write('MM\0*\0\0\0\x08\0\x02', 'latin1');
exif.write('\x01\x12\0\x03\0\0\0\x01\0\x06\0\0', 10, 'latin1');
exif.write('\x01\x3b\0\x02\0\0\0\x08\0\0\0\x30', 22, 'latin1');
exif.write(artist, 48, 'latin1');

const endBytes = 12;

/** Inserts a chunk after the pixels. */
const append = (png: Buffer, type: string, data: Buffer) =>
  Buffer.concat([png.subarray(0, -endBytes), encodedChunk(type, data), png.subarray(-endBytes)]);

const xmpText = Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${xmp}`);

/** As ImageMagick 6 writes it. */
function rawProfile(name: string, data: Buffer): Buffer {
  const hex = (data.toString('hex').match(/.{1,72}/g) ?? []).join('\n');
  return Buffer.from(`\n${name}\n${String(data.length).padStart(8)}\n${hex}\n`);
}
const asText = (name: string, data: Buffer) =>
  Buffer.concat([Buffer.from(`Raw profile type ${name}\0`), rawProfile(name, data)]);
const asCompressedText = (name: string, data: Buffer) =>
  Buffer.concat([Buffer.from(`Raw profile type ${name}\0\0`), deflateSync(rawProfile(name, data))]);

const exifSegment = Buffer.concat([Buffer.from('Exif\0\0'), exif]);
const xmpSegment = Buffer.from(`http://ns.adobe.com/xap/1.0/\0${xmp}`);

const files: Record<string, Buffer> = {
  'before the pixels': withChunk(withChunk(picture, 'eXIf', exif), 'iTXt', xmpText),
  'after the pixels': append(append(picture, 'eXIf', exif), 'iTXt', xmpText),
  'in raw profiles': withChunk(
    withChunk(picture, 'zTXt', asCompressedText('exif', exifSegment)),
    'zTXt',
    asCompressedText('xmp', Buffer.from(xmp)),
  ),
  'in raw profiles named APP1, not compressed': append(
    append(picture, 'tEXt', asText('APP1', exifSegment)),
    'tEXt',
    asText('APP1', xmpSegment),
  ),
  'after the pixels, and other data in raw profiles': withChunk(
    append(append(picture, 'eXIf', exif), 'iTXt', xmpText),
    'tEXt',
    asText('exif', Buffer.from('Exif\0\0MM\0*\0\0\0\x08\0\0', 'latin1')),
  ),
};

for (const [where, file] of Object.entries(files)) {
  test(`a PNG with metadata ${where} is turned upright and keeps it`, async () => {
    const { bytes, width, height } = await transformImage(file, { metadata: 'keep' });
    assert.deepEqual([width, height], [20, 40]);
    const { at } = await pixelsOf(bytes);
    assert.ok(distance(at(15, 5), red) === 0 && distance(at(15, 35), green) === 0);
    const metadata = await sharp(bytes).metadata();
    assert.equal(metadata.orientation, 1);
    const { tags } = readExif(metadata.exif, { onlyCredits: true });
    assert.equal(tags[0]?.value.toString('latin1'), artist);
    assert.equal(String(metadata.xmp), xmp);
  });
}

const ignored: Record<string, Buffer> = {
  'raw profiles that are damaged': withChunk(
    withChunk(picture, 'zTXt', Buffer.from('Raw profile type exif\0\0not compressed')),
    'tEXt',
    Buffer.from('Raw profile type xmp\0\nxmp\n 3\nxyz'),
  ),
  'EXIF after the pixels and before, which counts': append(
    withChunk(picture, 'eXIf', Buffer.from('MM\0*\0\0\0\x08\0\0', 'latin1')),
    'eXIf',
    exif,
  ),
};
for (const [what, file] of Object.entries(ignored)) {
  test(`a PNG with ${what} has the same pixels as one without`, async () => {
    assert.deepEqual((await transformImage(file, {})).bytes, (await transformImage(picture, {})).bytes);
  });
}
