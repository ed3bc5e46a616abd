import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usedColours } from '../../src/worker/images/gif/used-colours.ts';
import { inspect } from '../../src/worker/images/inspect.ts';
import { isFlawless } from '../../src/worker/images/jpeg/flawless.ts';
import { readExif } from '../../src/worker/images/metadata/exif.ts';
import { gif } from '../helpers/gif.ts';
import { plain, red } from '../helpers/images.ts';
import { encodedChunk } from '../helpers/png-chunks.ts';
import { limits, transformImage } from './transform-image.ts';

/*
 * Files that take long to read: the worker must serve other requests meanwhile.
 */

const many = 100_001;
const picture = plain(8, 8, red);
const [png, webp, avif] = await Promise.all([
  picture.clone().png().toBuffer(),
  picture.clone().webp().toBuffer(),
  picture.clone().avif().toBuffer(),
]);

const still = gif({ width: 8, height: 8 }, [{ left: 0, top: 0, width: 8, height: 8, colour: 1 }]);

const insert = (file: Buffer, at: number, part: Buffer) =>
  Buffer.concat([file.subarray(0, at), ...Array<Buffer>(many).fill(part), file.subarray(at)]);

const endOfPngHeader = 33;
const endOfWebpHeader = 12;
const pngChunk = encodedChunk('tEXt', Buffer.from('a\0'));

const files: Record<string, Buffer> = {
  'a PNG': insert(png, endOfPngHeader, pngChunk),
  'a WebP': insert(webp, endOfWebpHeader, Buffer.from('more\0\0\0\0')),
  'an AVIF': insert(avif, avif.readUInt32BE(0), Buffer.from('\0\0\0\x08free')),
  'a GIF': insert(still, still.length - 1, Buffer.from('\x21\xfe\0', 'latin1')),
};

for (const [what, file] of Object.entries(files)) {
  test(`${what} with ${many} chunks is refused`, async () => {
    await assert.rejects(transformImage(file, { width: 4 }), {
      code: 'unprocessable_image',
      message: 'Expected an image file of at most 100000 chunks but received more',
    });
  });
}

test('a PNG may have any number of chunks from the pixels on', async () => {
  const { width } = await inspect(insert(png, png.length - 12, pngChunk), limits);
  assert.equal(width, 8);
});

/** @returns turns of the event loop during the work */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await work();
  isDone = true;
  return turns;
}

test('serves others while it searches the colours of a large GIF', async () => {
  const clears = Buffer.concat([Buffer.from([255]), Buffer.alloc(255, 0x24)]);
  const data = Buffer.concat([Buffer.from([8]), ...Array<Buffer>(20_000).fill(clears), Buffer.from([0])]);
  assert.ok((await turnsDuring(() => usedColours(data, 0))) > 2);
});

/** A grey JPEG with a restart marker after each block, as in worker-jpeg-flawless.test.ts. */
function jpegWithRestarts(columns: number, rows: number): Buffer {
  const table = (head: number) => [head, 1, ...Array<number>(15).fill(0), 0];
  const tables = [...table(0x00), ...table(0x10)];
  const [width, height] = [columns * 8, rows * 8];
  const header = [
    [0xff, 0xd8, 0xff, 0xdb, 0, 67, 0, ...Array<number>(64).fill(1)],
    [0xff, 0xc0, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0],
    [0xff, 0xc4, 0, 2 + tables.length, ...tables],
    [0xff, 0xdd, 0, 4, 0, 1],
    [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0],
  ];
  const data = Buffer.alloc(3 * columns * rows, 0xff);
  for (let block = 0; block < columns * rows; block += 1) {
    data[3 * block] = 0b0011_1111;
    data[3 * block + 2] = 0xd0 + (block % 8);
  }
  data[data.length - 1] = 0xd9;
  return Buffer.concat([Buffer.from(header.flat()), data]);
}

test('serves others while it scans a JPEG with many restart markers', async () => {
  const jpeg = jpegWithRestarts(1000, 400);
  assert.ok((await turnsDuring(async () => assert.ok(await isFlawless(jpeg)))) > 2);
});

test('reads at most 4096 EXIF tags', () => {
  const entries = 65_535;
  const exif = Buffer.alloc(14 + 12 * entries);
  exif.write('II*\0\x08', 'latin1');
  exif.writeUInt16LE(entries, 8);
  // Artist, at the end.
  const at = 10 + 12 * (entries - 1);
  exif.writeUInt16LE(315, at);
  exif.writeUInt16LE(2, at + 2);
  exif.writeUInt32LE(4, at + 4);
  exif.write('abc', at + 8);
  assert.deepEqual(readExif(exif, { onlyCredits: true }).tags, []);
});
