import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import type { Parameters } from '../../src/contract/parameters.ts';
import { chunks } from '../../src/worker/images/colour/png-chunks.ts';
import { addPngMetadata } from '../../src/worker/images/metadata/add-png-metadata.ts';
import { readDirectory, type Tag, tiffFile } from '../../src/worker/images/metadata/directory.ts';
import { withoutPreamble } from '../../src/worker/images/metadata/exif.ts';
import { draw } from '../helpers/source-kinds.ts';
import { transformImage } from './transform-image.ts';

const ascii = (id: number, text: string): Tag => ({
  id,
  type: 2,
  count: text.length + 1,
  value: Buffer.from(`${text}\0`, 'latin1'),
});
const copyright = ascii(33432, 'Somebodys');
const xmp = Buffer.from('<x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>');

function rational(id: number, numerator: number): Tag {
  const value = Buffer.alloc(8);
  value.writeUInt32LE(numerator);
  value.writeUInt32LE(1, 4);
  return { id, type: 5, count: 1, value };
}

/** A PNG of more than 256 colours, with EXIF and XMP data. */
async function withTags(tags: Tag[], channels: 3 | 4 = 3): Promise<Buffer> {
  const colour = (x: number, y: number) => [x * 4, y * 5, (x * y) % 256, 255 - x].slice(0, channels);
  const png = await draw(60, 40, channels, colour).png().toBuffer();
  return addPngMetadata(png, { exif: tiffFile(tags), xmp });
}

async function readExifOf(file: Buffer): Promise<Buffer | undefined> {
  const { exif } = await sharp(file).metadata();
  return exif && withoutPreamble(exif);
}

/** Formats that embed EXIF data, each with a length of text that fits. */
const results: { parameters: Parameters; maxText: number }[] = [
  { parameters: { format: 'jpeg' }, maxText: 60_000 },
  { parameters: { format: 'png' }, maxText: 100_000 },
  { parameters: { format: 'webp' }, maxText: 100_000 },
  { parameters: { format: 'webp', lossless: true }, maxText: 100_000 },
  { parameters: { format: 'avif' }, maxText: 100_000 },
];

for (const { parameters, maxText } of results) {
  for (const channels of [3, 4] as const) {
    test(`${JSON.stringify(parameters)}, ${channels} channels: EXIF data is written byte for byte`, async () => {
      for (const length of [10, maxText]) {
        const unknown = { id: 0xfde9, type: 7, count: 6, value: Buffer.from([1, 2, 3, 4, 5, 6]) };
        const tags = [ascii(270, 'a'.repeat(length)), copyright, unknown];
        const source = await withTags(tags, channels);
        const { bytes } = await transformImage(source, { ...parameters, metadata: 'keep' });
        assert.deepEqual(await readExifOf(bytes), tiffFile(tags));
        assert.deepEqual((await sharp(bytes).metadata()).xmp, xmp);
        const credits = (await transformImage(source, { ...parameters, metadata: 'copyright' })).bytes;
        assert.deepEqual(await readExifOf(credits), tiffFile([copyright]));
        const stripped = (await transformImage(source, parameters)).bytes;
        assert.equal(await readExifOf(stripped), undefined);
        for (const file of [bytes, credits]) {
          assert.deepEqual(await sharp(file).raw().toBuffer(), await sharp(stripped).raw().toBuffer());
        }
      }
    });
  }
}

test('EXIF data that is too large for a JPEG is omitted', async () => {
  const source = await withTags([ascii(270, 'a'.repeat(65_536))]);
  const { bytes } = await transformImage(source, { format: 'jpeg', metadata: 'keep' });
  assert.equal(await readExifOf(bytes), undefined);
  assert.equal((await sharp(bytes).metadata()).width, 60);
});

const sources: Record<string, () => Promise<Buffer>> = {
  colours: () => withTags([copyright]),
  transparency: () => withTags([copyright], 4),
  grey: async () =>
    sharp(await withTags([copyright]))
      .greyscale()
      .png()
      .toBuffer(),
};

for (const [what, open] of Object.entries(sources)) {
  test(`a PNG with ${what} states no resolution`, async () => {
    const source = await open();
    for (const parameters of [{}, { lossless: true }, { quality: 50 }, { progressive: true }, { max_bytes: 3000 }]) {
      for (const metadata of ['strip', 'copyright', 'keep'] as const) {
        const { bytes } = await transformImage(source, { ...parameters, metadata });
        const types = [...chunks(bytes)].map(({ type }) => type);
        assert.ok(types.includes('IEND') && !types.includes('pHYs'), `${JSON.stringify(parameters)}: ${types}`);
      }
    }
  });
}

test('a TIFF has 72 pixels an inch, or the resolution of EXIF data that is kept', async () => {
  const unit = { id: 296, type: 3, count: 1, value: Buffer.from([3, 0]) };
  const source = await withTags([rational(282, 300), rational(283, 200), unit, copyright]);
  const resolution = async (parameters: Parameters) => {
    const tags = readDirectory((await transformImage(source, { ...parameters, format: 'tiff' })).bytes);
    const read = (id: number) => tags.find((tag) => tag.id === id)?.value as Buffer;
    const [x, y] = [282, 283].map((id) => read(id).readUInt32LE(0) / read(id).readUInt32LE(4));
    return { x: Math.round(x as number), y: Math.round(y as number), unit: read(296).readUInt16LE(0) };
  };
  for (const parameters of [{}, { lossless: true }, { metadata: 'copyright' }] satisfies Parameters[]) {
    assert.deepEqual(await resolution(parameters), { x: 72, y: 72, unit: 2 });
  }
  assert.deepEqual(await resolution({ metadata: 'keep' }), { x: 300, y: 200, unit: 3 });
});
