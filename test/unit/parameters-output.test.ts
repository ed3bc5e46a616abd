import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import type { Parameters } from '../../src/contract/parameters.ts';
import { animation, blue, green, pixelsOf, plain, quarters, red, white } from '../helpers/images.ts';
import { photo } from '../helpers/photo.ts';
import { assertPicture } from './assert-picture.ts';
import { transformImage } from './transform-image.ts';

const picture = await photo(160, 120, 'png');

/** Mean squared error of a result over all channels. */
async function error(made: Buffer, original: Buffer): Promise<number> {
  const [a, b] = await Promise.all(
    [made, original].map((image) => sharp(image).removeAlpha().toColourspace('srgb').raw().toBuffer()),
  );
  return (a as Buffer).reduce((sum, value, i) => sum + (value - (b?.[i] ?? 0)) ** 2, 0) / (a as Buffer).length;
}

for (const format of ['webp', 'avif', 'tiff', 'png'] as const) {
  test(`lossless ${format} keeps every pixel of its source`, async () => {
    const { bytes } = await transformImage(picture, { format, lossless: true, quality: 10, effort: 1 });
    assert.equal(await error(bytes, picture), 0);
  });
}

test('rejects a lossless jpeg', async () => {
  const refused = { code: 'invalid_request', parameter: 'lossless' };
  await assert.rejects(transformImage(picture, { format: 'jpeg', lossless: true }), refused);
  await assert.rejects(transformImage(await photo(8, 8), { lossless: true }), refused);
});

test('rejects format=auto outside HTTP', async () => {
  await assert.rejects(transformImage(picture, { format: 'auto' }), {
    code: 'invalid_request',
    parameter: 'format',
    message: /Accept/,
  });
});

test('progressive is off by default', async () => {
  const isProgressive = async (parameters: Parameters) =>
    (await sharp((await transformImage(picture, parameters)).bytes).metadata()).isProgressive;
  assert.deepEqual(
    [
      await isProgressive({ format: 'jpeg' }),
      await isProgressive({ format: 'jpeg', progressive: true }),
      await isProgressive({ format: 'png' }),
      await isProgressive({ format: 'png', progressive: true }),
    ],
    [false, true, false, true],
  );
});

test('effort makes a smaller file of similar quality', async () => {
  for (const format of ['webp', 'avif', 'jpeg', 'png'] as const) {
    const [little, much] = [
      await transformImage(picture, { format, effort: 0 }),
      await transformImage(picture, { format, effort: 10 }),
    ];
    assert.ok(much.bytes.length < little.bytes.length, `${format}: ${much.bytes.length} after ${little.bytes.length}`);
    assert.ok((await error(much.bytes, picture)) < 2 * (await error(little.bytes, picture)) + 1, format);
  }
});

for (const format of ['jpeg', 'webp', 'avif', 'tiff'] as const) {
  test(`max_bytes finds the best quality of ${format} that fits`, async () => {
    const quality = 43;
    const size = async (at: number) => (await transformImage(picture, { format, quality: at, effort: 0 })).bytes.length;
    const max_bytes = await size(quality);
    const made = await transformImage(picture, { format, max_bytes, effort: 0 });
    assert.ok(made.bytes.length <= max_bytes);
    assert.ok((await size(quality + 2)) > max_bytes);
    assert.ok(made.bytes.length >= (await size(quality - 1)), `${made.bytes.length} of ${max_bytes}`);
    const capped = await transformImage(picture, { format, max_bytes: 1_000_000, quality: 20, effort: 0 });
    assert.equal(capped.bytes.length, await size(20));
  });
}

test('max_bytes reduces the colours of a png and a gif until they fit', async () => {
  const free = await transformImage(picture, { format: 'png' });
  assert.deepEqual((await transformImage(picture, { format: 'png', max_bytes: free.bytes.length })).bytes, free.bytes);
  for (const format of ['png', 'gif'] as const) {
    const whole = (await transformImage(picture, { format })).bytes.length;
    const [half, fifth] = [
      await transformImage(picture, { format, max_bytes: whole >> 1 }),
      await transformImage(picture, { format, max_bytes: Math.floor(whole / 5) }),
    ];
    assert.ok(half.bytes.length <= whole >> 1 && fifth.bytes.length <= whole / 5, format);
    assert.ok((await error(half.bytes, picture)) < (await error(fifth.bytes, picture)), format);
  }
});

test('rejects a max_bytes that nothing fits, and says what would', async () => {
  for (const format of ['jpeg', 'webp', 'png', 'gif'] as const) {
    const refused = transformImage(picture, { format, max_bytes: 20 });
    const failure = await refused.then(
      () => undefined,
      (reason: Error & { code: string; parameter: string }) => reason,
    );
    assert.equal(failure?.code, 'invalid_request');
    assert.equal(failure?.parameter, 'max_bytes');
    const least = Number(/at least (\d+) bytes/.exec(failure?.message ?? '')?.[1]);
    assert.ok((await transformImage(picture, { format, max_bytes: least })).bytes.length <= least, format);
  }
});

test('animated=false and page select one frame', async () => {
  const moving = await animation('gif', 40, 20, [red, green, blue]);
  await assertPicture(await transformImage(moving, { animated: false }), [40, 20], [[[5, 5], red]]);
  await assertPicture(await transformImage(moving, { page: 1 }), [40, 20], [[[5, 5], green]]);
  await assertPicture(await transformImage(moving, { page: 2, format: 'png' }), [40, 20], [[[5, 5], blue]]);
  assert.equal((await sharp((await transformImage(moving, { page: 1 })).bytes).metadata()).pages ?? 1, 1);
  await assert.rejects(transformImage(moving, { page: 3 }), {
    parameter: 'page',
    message: /from 0 to 2 for page but received 3/,
  });
  await assert.rejects(transformImage(picture, { page: 1 }), {
    parameter: 'page',
    message: /0, the only one, for page/,
  });
});

test('an animation keeps its delays and loop count through every transformation', async () => {
  const frames = await Promise.all([red, green].map((colour) => plain(8, 8, colour).png().toBuffer()));
  const moving = await sharp(frames, { join: { animated: true } })
    .gif({ delay: [70, 230], loop: 3 })
    .toBuffer();
  for (const format of ['gif', 'webp'] as const) {
    for (const parameters of [{}, { width: 4 }, { blur: 1, rotate: 90 }, { max_bytes: 5000 }]) {
      const { delay, loop, pages } = await sharp(
        (await transformImage(moving, { format, ...parameters })).bytes,
      ).metadata();
      assert.deepEqual({ delay, loop, pages }, { delay: [70, 230], loop: 3, pages: 2 }, JSON.stringify(parameters));
    }
  }
});

const exif = {
  IFD0: { Artist: 'Ada', Copyright: '(C) Ada', Model: 'Box' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' },
};
const withTags = await (await quarters(40, 20)).withExif(exif).withMetadata({ orientation: 6 }).jpeg().toBuffer();

for (const more of [{}, { blur: 1, pad: '2' }, { trim: 1, watermark: 'a'.repeat(64) }] as Parameters[]) {
  for (const format of ['jpeg', 'png', 'webp', 'avif'] as const) {
    test(`strips, reduces and keeps metadata in ${format} with ${JSON.stringify(more)}`, async () => {
      const watermark = await plain(2, 2, white).png().toBuffer();
      const read = async (metadata: 'strip' | 'copyright' | 'keep') => {
        const { bytes } = await transformImage(withTags, { format, metadata, ...more }, { watermark });
        const { exif: data, orientation = 1, autoOrient } = await sharp(bytes).metadata();
        assert.ok(orientation === 1 && autoOrient.width < autoOrient.height, 'turned once');
        return data?.toString('latin1') ?? '';
      };
      const credits = Buffer.from('(C) Ada').toString('latin1');
      assert.equal(await read('strip'), '');
      const copyright = await read('copyright');
      assert.ok(copyright.includes('Ada') && copyright.includes(credits) && !copyright.includes('Box'), copyright);
      // 51 degrees, as a fraction of two 32-bit numbers.
      const place = Buffer.from([51, 0, 0, 0, 1, 0, 0, 0]).toString('latin1');
      assert.ok(!copyright.includes(place));
      const kept = await read('keep');
      assert.ok(kept.includes('Box') && kept.includes(credits) && kept.includes(place));
    });
  }
}

test('ignores malformed EXIF data', async () => {
  const { readExif } = await import('../../src/worker/images/metadata/exif.ts');
  for (const text of ['', 'II', 'Exif\0\0II*\0\xff\xff\xff\xff', 'Exif\0\0MM\0*\0\0\0\x08\xff\xff']) {
    const exif = Buffer.from(text, 'latin1');
    assert.deepEqual(readExif(exif, { onlyCredits: true }), { tags: [], inner: [] });
  }
});

test('each page of a tiff has its own size and pixel limit', async () => {
  const { inspect, inspectPage } = await import('../../src/worker/images/inspect.ts');
  const two = await twoPages();
  const limits = { inputFormats: ['tiff'] as const, maxInputPixels: 1000 };
  const source = await inspect(two, limits);
  assert.equal(source.frames, 2);
  const page = await inspectPage(source, 1, { ...limits, maxInputPixels: 10_000 });
  assert.deepEqual([page.width, page.height], [60, 50]);
  await assert.rejects(inspectPage(source, 1, limits), { code: 'unprocessable_image' });
  await assertPicture(await transformImage(two, { page: 1, format: 'png' }), [60, 50], [[[30, 25], blue]]);
});

/**
 * A TIFF with a page of 10 x 10 red and one of 60 x 50 blue pixels: two files chained, the offsets of the second moved.
 */
async function twoPages(): Promise<Buffer> {
  const raw = { compression: 'none' } as const;
  const [first, second] = [
    await plain(10, 10, red).tiff(raw).toBuffer(),
    await plain(60, 50, blue).tiff(raw).toBuffer(),
  ];
  const base = first.length + (first.length % 2);
  const file = Buffer.concat([first, Buffer.alloc(base - first.length), second]);
  const bytesOf = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
  const directory = base + second.readUInt32LE(4);
  const entries = file.readUInt16LE(directory);
  for (let i = 0; i < entries; i += 1) {
    const at = directory + 2 + i * 12;
    const [tag, type, count] = [file.readUInt16LE(at), file.readUInt16LE(at + 2), file.readUInt32LE(at + 4)];
    const isElsewhere = (bytesOf[type] ?? 1) * count > 4;
    if (isElsewhere || tag === 273) file.writeUInt32LE(file.readUInt32LE(at + 8) + base, at + 8);
    const list = file.readUInt32LE(at + 8);
    if (tag === 273 && isElsewhere)
      for (let n = 0; n < count; n += 1) file.writeUInt32LE(file.readUInt32LE(list + n * 4) + base, list + n * 4);
  }
  const last = first.readUInt32LE(4);
  file.writeUInt32LE(directory, last + 2 + file.readUInt16LE(last) * 12);
  return file;
}

test('page gives the pixels of the requested frame', async () => {
  const { at } = await pixelsOf(
    (await transformImage(await animation('webp', 8, 8, [red, green]), { page: 1, format: 'png' })).bytes,
  );
  assert.deepEqual(at(4, 4).slice(0, 3), green);
});
