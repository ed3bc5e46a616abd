import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import sharp from 'sharp';
import type { Parameters } from '../../src/contract/parameters.ts';
import { animation, blue, distance, green, pixelsOf, red } from '../helpers/images.ts';
import { temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { transformImage } from './transform-image.ts';

const run = promisify(execFile);
const hasExiftool = await run('exiftool', ['-ver']).then(
  () => true,
  () => false,
);

const artist = 'Ólafur Łukasz 山田太郎 عمر (a, b, c, d)';
const copyright = '© 2026 Ünïcode';
const place = [64, 8, 30];

/** EXIF with an orientation, names in UTF-8, an exposure time and a location, in either byte order. */
function exifOf(order: 'II' | 'MM'): Buffer {
  const data = Buffer.alloc(400);
  const uint16 = (value: number, at: number) =>
    order === 'II' ? data.writeUInt16LE(value, at) : data.writeUInt16BE(value, at);
  const uint32 = (value: number, at: number) =>
    order === 'II' ? data.writeUInt32LE(value, at) : data.writeUInt32BE(value, at);
  let end = 200;
  const values = (bytes: Buffer) => {
    bytes.copy(data, end);
    end += bytes.length;
    return end - bytes.length;
  };
  const rationals = (numbers: number[]) => {
    const start = end;
    for (const number of numbers) {
      uint32(number, end);
      uint32(1, end + 4);
      end += 8;
    }
    return start;
  };
  const directory = (at: number, entries: [id: number, type: number, count: number, value: number][]) => {
    uint16(entries.length, at);
    for (const [index, [id, type, count, value]] of entries.entries()) {
      const entry = at + 2 + index * 12;
      uint16(id, entry);
      uint16(type, entry + 2);
      uint32(count, entry + 4);
      if (type === 3) uint16(value, entry + 8);
      else uint32(value, entry + 8);
    }
  };
  data.write(order, 'latin1');
  uint16(42, 2);
  uint32(8, 4);
  const [name, owner] = [Buffer.from(`${artist}\0`), Buffer.from(`${copyright}\0`)];
  directory(8, [
    [274, 3, 1, 6],
    [315, 2, name.length, values(name)],
    [33432, 2, owner.length, values(owner)],
    [0x8769, 4, 1, 100],
    [0x8825, 4, 1, 130],
  ]);
  directory(100, [[0x829a, 5, 1, rationals([3])]]);
  directory(130, [[2, 5, 3, rationals(place)]]);
  return data.subarray(0, end);
}

async function withExif(order: 'II' | 'MM'): Promise<Buffer> {
  const jpeg = await photo(48, 32);
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exifOf(order)]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(exif.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)]);
}

const xmp =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="imgwire – Quelle"/></rdf:RDF></x:xmpmeta>';

/** A file's tags as read by exiftool, an independent reader. */
async function readTags(t: TestContext, file: Buffer): Promise<Record<string, unknown>> {
  const folder = await temporaryFolder(t, 'exif');
  const path = join(folder, 'image');
  await writeFile(path, file);
  const { stdout } = await run('exiftool', [
    '-j',
    '-n',
    '-Artist',
    '-Copyright',
    '-Orientation',
    '-ExposureTime',
    '-GPSLatitude',
    '-Source',
    path,
  ]);
  const [{ SourceFile: _, Orientation = 1, ...tags }] = JSON.parse(stdout) as [Record<string, unknown>];
  assert.equal(Orientation, 1);
  return tags;
}

const outputs = ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const;
const others: Parameters[] = [{}, { blur: 1, width: 20 }, { max_bytes: 100_000 }];
const sources: Record<string, Buffer> = { II: await withExif('II'), MM: await withExif('MM') };
for (const format of outputs) {
  sources[format] = (await transformImage(sources.II as Buffer, { format, metadata: 'keep' })).bytes;
}

for (const [from, source] of Object.entries(sources)) {
  for (const format of outputs) {
    test(`keeps names in any script from ${from} in ${format}`, { skip: !hasExiftool }, async (t) => {
      const credits = { Artist: artist, Copyright: copyright };
      for (const parameters of from === 'II' ? others : [{}]) {
        const copied = await readTags(
          t,
          (await transformImage(source, { ...parameters, format, metadata: 'copyright' })).bytes,
        );
        assert.deepEqual(copied, credits, JSON.stringify(parameters));
        const kept = await readTags(
          t,
          (await transformImage(source, { ...parameters, format, metadata: 'keep' })).bytes,
        );
        const latitude = (place[0] as number) + (place[1] as number) / 60 + (place[2] as number) / 3600;
        assert.ok(Math.abs(Number(kept.GPSLatitude) - latitude) < 1e-6);
        assert.deepEqual(
          { ...kept, GPSLatitude: 0 },
          { ...credits, ExposureTime: 3, GPSLatitude: 0 },
          JSON.stringify(parameters),
        );
        assert.deepEqual(await readTags(t, (await transformImage(source, { ...parameters, format })).bytes), {});
      }
    });
  }
}

test('keeps the metadata of an animation', { skip: !hasExiftool }, async (t) => {
  const still = await sharp(
    (await transformImage(sources.II as Buffer, { format: 'webp', metadata: 'keep' })).bytes,
  ).metadata();
  const moving = await animation('webp', 40, 30, [red, green, blue]);
  const exif = still.exif as Buffer;
  const chunk = Buffer.alloc(8);
  chunk.write('EXIF', 'latin1');
  chunk.writeUInt32LE(exif.length, 4);
  const file = Buffer.concat([moving, chunk, exif, Buffer.alloc(exif.length % 2)]);
  file.writeUInt32LE(file.length - 8, 4);
  file[20] = (file[20] as number) | 8;
  const credits = { Artist: artist, Copyright: copyright };
  const copied = (await transformImage(file, { width: 20, metadata: 'copyright' })).bytes;
  assert.deepEqual(await readTags(t, copied), credits);
  const kept = await readTags(
    t,
    (await transformImage(file, { width: 20, metadata: 'keep', max_bytes: 50_000 })).bytes,
  );
  assert.deepEqual([kept.Artist, kept.ExposureTime], [artist, 3]);
  const { at, height } = await pixelsOf(copied);
  assert.equal(height, 45);
  for (const [frame, colour] of [red, green, blue].entries()) {
    assert.ok(distance(at(10, frame * 15 + 7), colour) < 8);
  }
});

for (const format of outputs) {
  test(`keeps XMP in ${format}, but not as copyright`, { skip: !hasExiftool }, async (t) => {
    for (const lossless of format === 'jpeg' ? [false] : [false, true]) {
      const source = await sharp(await photo(40, 30))
        .withXmp(xmp)
        .jpeg()
        .toBuffer();
      const { bytes } = await transformImage(source, { format, metadata: 'keep', lossless });
      assert.deepEqual((await readTags(t, bytes)).Source, 'imgwire – Quelle');
      assert.deepEqual(await readTags(t, (await transformImage(source, { format, metadata: 'copyright' })).bytes), {});
    }
  });
}
