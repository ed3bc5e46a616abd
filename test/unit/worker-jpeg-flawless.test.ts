import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp, { type JpegOptions } from 'sharp';
import { tolerateWarnings } from '../../src/worker/images/decoder-warnings.ts';
import { isFlawless } from '../../src/worker/images/jpeg/flawless.ts';
import { createRandom } from '../fault/random.ts';
import { photo } from '../helpers/photo.ts';

const picture = sharp(await photo(150, 101, 'png'));
const jpeg = (options: JpegOptions = {}) => picture.clone().jpeg(options).toBuffer();

const shortest = { counts: [1], symbols: [0] };

/** 8-bit grey, one scan, a restart marker after each block; by default both tables map the code 0 to the symbol 0. */
function withRestarts(count: number, numberOf = (index: number) => index % 8, { dc = shortest, ac = shortest } = {}) {
  const table = (head: number, { counts, symbols }: typeof shortest) => [
    head,
    ...Array.from({ length: 16 }, (_, index) => counts[index] ?? 0),
    ...symbols,
  ];
  const tables = [...table(0x00, dc), ...table(0x10, ac)];
  const bytes = [
    [0xff, 0xd8],
    [0xff, 0xdb, 0, 67, 0, ...Array(64).fill(1)],
    [0xff, 0xc0, 0, 11, 8, 0, 8, 0, count * 8, 1, 1, 0x11, 0],
    [0xff, 0xc4, 0, 2 + tables.length, ...tables],
    [0xff, 0xdd, 0, 4, 0, 1],
    [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0],
    ...Array.from({ length: count }, (_, index) =>
      // DC difference 0, end of block, padding.
      [0b0011_1111, 0xff, index === count - 1 ? 0xd9 : 0xd0 + numberOf(index)],
    ),
  ];
  return Buffer.from(bytes.flat());
}

const whole: Record<string, Buffer> = {
  'chroma 4:2:0': await jpeg(),
  'chroma 4:4:4': await jpeg({ chromaSubsampling: '4:4:4' }),
  'standard tables': await jpeg({ optimiseCoding: false }),
  'quality 100, with long codes': await jpeg({ quality: 100 }),
  'quality 1': await jpeg({ quality: 1 }),
  grey: await picture.clone().toColourspace('b-w').jpeg().toBuffer(),
  CMYK: await picture.clone().toColourspace('cmyk').jpeg().toBuffer(),
  noise: await sharp({
    create: {
      width: 90,
      height: 70,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 99 },
    },
  })
    .jpeg({ quality: 95 })
    .toBuffer(),
  'metadata and a profile': await picture
    .clone()
    .withIccProfile('p3')
    .withExif({ IFD0: { Copyright: 'x' } })
    .jpeg()
    .toBuffer(),
  'restart markers': withRestarts(12),
  'bytes behind its end': Buffer.concat([await jpeg(), Buffer.from('more')]),
};

/** Whether libjpeg decodes a file, as an upload checks. */
const isDecodable = (file: Buffer) =>
  tolerateWarnings((failOn) => sharp(file, { failOn }).raw().toBuffer()).then(
    () => true,
    () => false,
  );

for (const [what, file] of Object.entries(whole)) {
  test(`a JPEG with ${what} has no flaws`, async () => {
    assert.ok(await isDecodable(file));
    assert.ok(await isFlawless(file));
  });
}

test('finds no flaws in a file that takes several turns of the event loop', async () => {
  const file = await photo(1600, 1200);
  assert.ok(file.length > 2 * 65_536);
  assert.ok(await isFlawless(file));
  assert.ok(!(await isFlawless(Buffer.concat([file.subarray(0, -500), file.subarray(-2)]))));
});

test('leaves unsupported files to libjpeg', async () => {
  assert.ok(!(await isFlawless(await jpeg({ progressive: true }))));
  assert.ok(!(await isFlawless(withRestarts(12, (index) => (index + 1) % 8))));
  assert.ok(!(await isFlawless(Buffer.from([0xff, 0xd8]))));
  assert.ok(!(await isFlawless(await photo(9, 9, 'png'))));
});

const huffmanTables: Record<string, { counts: number[]; symbols: number[]; isUsable: boolean }> = {
  'one code': { ...shortest, isUsable: true },
  'a reserved code to spare': { counts: [1, 1, 1], symbols: [0, 1, 2], isUsable: true },
  'a reserved code of 16 bits to spare': { counts: Array(16).fill(1), symbols: Array(16).fill(0), isUsable: true },
  'the code 1': { counts: [2], symbols: [0, 1], isUsable: false },
  'the code 111': { counts: [1, 1, 2], symbols: [0, 1, 2, 3], isUsable: false },
  'a code of 16 ones': { counts: [...Array(15).fill(1), 2], symbols: Array(17).fill(0), isUsable: false },
  'more codes than fit': { counts: [1, 3], symbols: [0, 1, 2, 3], isUsable: false },
};

for (const [what, { isUsable, ...table }] of Object.entries(huffmanTables)) {
  test(`a Huffman table with ${what} is ${isUsable ? 'usable' : 'not usable'}, as in libjpeg`, async () => {
    for (const kind of ['dc', 'ac']) {
      const file = withRestarts(2, undefined, { [kind]: table });
      assert.deepEqual([await isFlawless(file), await isDecodable(file)], [isUsable, isUsable], kind);
    }
  });
}

test('rejects a DC category over 15', async () => {
  for (const bits of [15, 16]) {
    const table = { counts: [1, 1], symbols: [0, bits] };
    for (const [kind, isUsable] of [
      ['dc', bits === 15],
      ['ac', true],
    ] as const) {
      const file = withRestarts(2, undefined, { [kind]: table });
      assert.deepEqual([await isFlawless(file), await isDecodable(file)], [isUsable, isUsable], kind);
    }
  }
});

test('rejects surplus and missing bytes', async () => {
  const file = await jpeg();
  const [data, end] = [file.subarray(0, -2), file.subarray(-2)];
  assert.ok(!(await isFlawless(Buffer.concat([data, Buffer.from([0]), end]))));
  assert.ok(!(await isFlawless(Buffer.concat([data.subarray(0, -1), end]))));
});

test('finds no file flawless that libjpeg rejects, over 3,000 random mutations', async () => {
  const random = createRandom(1);
  const files = Object.values(whole);
  let flawless = 0;
  for (let index = 0; index < 3000; index += 1) {
    const file = Buffer.from(files[index % files.length] as Buffer);
    const changes = 1 + random.below(3);
    for (let change = 0; change < changes; change += 1) {
      // Half of the changes go to the headers, which are short compared to the data.
      const from = random.below(2) === 0 ? 0 : file.indexOf(Buffer.from([0xff, 0xda]));
      const span = from === 0 ? Math.min(700, file.length) : file.length - from;
      file[from + random.below(span)] = random.below(256);
    }
    if (!(await isFlawless(file))) continue;
    flawless += 1;
    assert.ok(await isDecodable(file), `file ${index}`);
  }
  assert.ok(flawless > 300, `${flawless}`);
});
