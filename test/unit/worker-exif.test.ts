import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { encodeDirectories, readDirectory, type Tag, tiffFile } from '../../src/worker/images/metadata/directory.ts';
import { readExif } from '../../src/worker/images/metadata/exif.ts';
import { transformImage } from './transform-image.ts';

const pointerIds = { EXIF: 0x8769, GPS: 0x8825 };
const interoperability = 0xa005;
const exposure: Tag = { id: 0x829a, type: 5, count: 1, value: Buffer.from([3, 0, 0, 0, 1, 0, 0, 0]) };

const picture = await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
  .tiff()
  .toBuffer();

/** Adds a directory to the picture, with a pointer of any type to it. */
function pointing(id: number, { type, width, count }: { type: number; width: number; count: number }): Buffer {
  const start = picture.length + (picture.length % 2);
  const directory = (target: number) => {
    const value = Buffer.alloc(width * count);
    for (let at = 0; at < value.length; at += width) value.writeUIntLE(target % 2 ** (8 * width), at, width);
    return encodeDirectories(start, [...readDirectory(picture), { id, type, count, value }], []);
  };
  const first = directory(start + directory(0).length);
  // A pointer into the old file, which must not be copied.
  const dangling = { id: interoperability, type: 4, count: 1, value: Buffer.from([8, 0, 0, 0]) };
  const inner = encodeDirectories(start + first.length, [exposure, dangling], []);
  const file = Buffer.concat([picture, Buffer.alloc(start - picture.length), first, inner]);
  file.writeUInt32LE(start, 4);
  return file;
}

const pointers: Record<string, { type: number; width: number; count: number; isUsable?: true }> = {
  LONG: { type: 4, width: 4, count: 1, isUsable: true },
  IFD: { type: 13, width: 4, count: 1, isUsable: true },
  'two LONG': { type: 4, width: 4, count: 2 },
  BYTE: { type: 1, width: 1, count: 1 },
  'four BYTE': { type: 1, width: 1, count: 4 },
  ASCII: { type: 2, width: 1, count: 4 },
  UNDEFINED: { type: 7, width: 1, count: 1 },
  SHORT: { type: 3, width: 2, count: 1 },
  SLONG: { type: 9, width: 4, count: 1 },
  RATIONAL: { type: 5, width: 4, count: 2 },
  'an unknown type': { type: 99, width: 4, count: 1 },
};

for (const [name, id] of Object.entries(pointerIds)) {
  for (const [type, { isUsable, ...pointer }] of Object.entries(pointers)) {
    test(`a pointer to ${name} data as ${type} ${isUsable ? 'is followed' : 'is ignored'}`, async () => {
      const file = pointing(id, pointer);
      const found = readExif(file, { onlyCredits: false }).inner;
      assert.deepEqual(found, isUsable ? [{ id, tags: [exposure] }] : []);
      const { bytes } = await transformImage(file, { format: 'png', metadata: 'keep' });
      const { exif } = await sharp(bytes).metadata();
      assert.deepEqual(readExif(exif, { onlyCredits: false }).inner, found);
    });
  }
}

test('values use no more memory than their file', () => {
  const text = Buffer.alloc(10_000, 'a');
  const file = tiffFile([{ id: 270, type: 2, count: text.length, value: text }]);
  const [first] = readDirectory(file) as [Tag];
  const entry = file.subarray(10, 22);
  const many = Array.from({ length: 1000 }, (_, index) => {
    const one = Buffer.from(entry);
    one.writeUInt16LE(index + 1);
    return one;
  });
  const from = 8 + 2 + 12 * many.length + 4;
  for (const one of many) one.writeUInt32LE(from, 8);
  const overlapping = Buffer.concat([file.subarray(0, 10), ...many, Buffer.alloc(4), text]);
  overlapping.writeUInt16LE(many.length, 8);
  assert.deepEqual(readDirectory(overlapping), [
    { ...first, id: 1 },
    { ...first, id: 2 },
  ]);
});
