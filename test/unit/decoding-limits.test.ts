import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { formatNames } from '../../src/contract/formats.ts';
import { checkDecodable } from '../../src/worker/images/check-decodable.ts';
import { inspect } from '../../src/worker/images/inspect.ts';
import { gif } from '../helpers/gif.ts';
import { distance, pixelsOf, plain } from '../helpers/images.ts';
import { transformImage } from './transform-image.ts';

const limits = { inputFormats: formatNames, maxInputPixels: 1_000_000 };

async function pages(shades: number[], width: number, height: number): Promise<Buffer> {
  const all = await Promise.all(shades.map((shade) => plain(width, height, [shade, shade, shade]).png().toBuffer()));
  const [first] = all;
  if (all.length === 1) return sharp(first).tiff({ compression: 'lzw' }).toBuffer();
  return sharp(all, { join: { animated: true }, limitInputPixels: false })
    .tiff({ compression: 'lzw' })
    .toBuffer();
}

test('accepts a scan of 12 pages that exceed the limit only together, and serves each page', async () => {
  const shades = Array.from({ length: 12 }, (_, page) => 20 * page);
  const scan = await pages(shades, 700, 990);
  const source = await inspect(scan, limits);
  await checkDecodable(source, limits.maxInputPixels);
  assert.deepEqual([source.width, source.height, source.frames], [700, 990, 12]);
  for (const [page, shade] of shades.entries()) {
    const { width, height, at } = await pixelsOf((await transformImage(scan, { page, format: 'png' }, limits)).bytes);
    assert.deepEqual([width, height, at(5, 5)[0]], [700, 990, shade]);
  }
});

const frames = 200;
const long = gif(
  { width: 100, height: 60, bits: 8 },
  Array.from({ length: frames }, (_, frame) => ({ left: 0, top: 0, width: 100, height: 60, colour: frame + 3 })),
);

test('serves one frame of a long animation whose frames together exceed the limit', async () => {
  const source = await inspect(long, limits);
  await checkDecodable(source, limits.maxInputPixels);
  assert.equal(source.frames, frames);
  for (const [parameters, frame] of [
    [{ page: 0 }, 0],
    [{ page: 150 }, 150],
    [{ animated: false }, 0],
    [{ format: 'jpeg', width: 50 }, 0],
    [{ format: 'avif' }, 0],
  ] as const) {
    const { bytes } = await transformImage(long, parameters, limits);
    assert.equal((await sharp(bytes).metadata()).pages ?? 1, 1);
    const { at } = await pixelsOf(bytes);
    assert.ok(distance(at(9, 9).slice(0, 3), Array(3).fill(frame + 3)) <= 4, `${at(9, 9)} for ${frame}`);
  }
});

test('rejects all its frames however small the result, and suggests page or animated=false', async () => {
  for (const parameters of [{}, { width: 10 }, { format: 'webp' }] as const) {
    await assert.rejects(transformImage(long, parameters, limits), {
      code: 'unprocessable_image',
      message: /100 x 60 x 200 frames; page or animated=false selects one of them/,
    });
  }
});

test('serves one frame of thousands', async () => {
  const thousands = gif(
    { width: 4, height: 4, bits: 8 },
    Array.from({ length: 5000 }, (_, frame) => ({ left: 0, top: 0, width: 4, height: 4, colour: 3 + (frame % 200) })),
  );
  const { at } = await pixelsOf((await transformImage(thousands, { page: 4999, format: 'png' }, limits)).bytes);
  assert.equal(at(1, 1)[0], 3 + (4999 % 200));
  await assert.rejects(transformImage(thousands, {}, limits), {
    code: 'unprocessable_image',
    message: /2000 frames but received 5000/,
  });
});

test('rejects only the page that exceeds the limit', async () => {
  const [small, large] = await Promise.all([pages([50], 100, 100), pages([60], 1200, 1000)]);
  const file = chained(small, large);
  assert.equal((await inspect(file, limits)).frames, 2);
  assert.equal((await transformImage(file, { page: 0, format: 'png' }, limits)).width, 100);
  await assert.rejects(transformImage(file, { page: 1 }, limits), {
    code: 'unprocessable_image',
    message: /1200 x 1000/,
  });
});

test('rejects a TIFF with an endless list of pages', async () => {
  const file = await pages([50], 20, 20);
  const directory = file.readUInt32LE(4);
  file.writeUInt32LE(directory, directory + 2 + file.readUInt16LE(directory) * 12);
  await assert.rejects(inspect(file, limits), { code: 'unprocessable_image', message: /list of pages/ });
});

/** Chains two little-endian TIFFs of one page into one of two pages: all offsets of the second are moved. */
function chained(first: Buffer, second: Buffer): Buffer {
  const moved = Buffer.from(second);
  const shift = first.length + (first.length % 2);
  const directory = moved.readUInt32LE(4);
  const sizes: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1 };
  for (let index = 0; index < moved.readUInt16LE(directory); index += 1) {
    const at = directory + 2 + index * 12;
    const [id, type, count] = [moved.readUInt16LE(at), moved.readUInt16LE(at + 2), moved.readUInt32LE(at + 4)];
    const isInline = (sizes[type] ?? 1) * count <= 4;
    const value = moved.readUInt32LE(at + 8);
    if (id === 273 && !isInline) {
      for (let strip = 0; strip < count; strip += 1) {
        moved.writeUInt32LE(moved.readUInt32LE(value + strip * 4) + shift, value + strip * 4);
      }
    }
    if (!isInline || id === 273) moved.writeUInt32LE(value + shift, at + 8);
  }
  const made = Buffer.concat([first, Buffer.alloc(shift - first.length), moved]);
  const own = made.readUInt32LE(4);
  made.writeUInt32LE(directory + shift, own + 2 + made.readUInt16LE(own) * 12);
  return made;
}
