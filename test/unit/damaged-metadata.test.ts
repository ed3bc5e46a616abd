import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import { RequestError } from '../../src/contract/errors.ts';
import { readAvifColour } from '../../src/worker/images/colour/avif-colour.ts';
import { withChunks } from '../../src/worker/images/colour/png-chunks.ts';
import { readPngColour, setPngColour } from '../../src/worker/images/colour/png-colour.ts';
import { readExif, tiffAsExif } from '../../src/worker/images/metadata/exif.ts';
import { updateExif } from '../../src/worker/images/metadata/update-exif.ts';
import { updateXmp } from '../../src/worker/images/metadata/update-xmp.ts';
import { checkPages } from '../../src/worker/images/tiff-pages.ts';
import { countWebpFrames } from '../../src/worker/images/webp/frames.ts';
import { createRandom, type Random } from '../fault/random.ts';
import { quarters } from '../helpers/images.ts';
import { transformImage } from './transform-image.ts';

/*
 * Files whose headers are damaged in one place. Each is rejected or gives a readable image.
 * FUZZ_FILES sets how many are tried, FUZZ_SEED the random seed.
 */

const count = Number(process.env.FUZZ_FILES ?? 100);
const seed = Number(process.env.FUZZ_SEED ?? 1);
const size = { width: 5, height: 4 };

const xmp =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6" tiff:ImageWidth="48"/></rdf:RDF></x:xmpmeta>';
const exif = {
  IFD0: { Artist: 'the artist', Copyright: 'the copyright' },
  IFD2: { UserComment: 'a comment', PixelXDimension: '48' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '64/1 8/1 30/1' },
};

/** cHRM of Adobe RGB, white point first. */
const primaries = [31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000];

const picture = await quarters(48, 32);
const described = () => picture.clone().withIccProfile('p3').withExif(exif).withXmp(xmp);
const encoded = (encode: (image: Sharp) => Sharp) => encode(described()).toBuffer();

const png = await encoded((image) => image.png());
const tiff = await transformImage(await encoded((image) => image.jpeg()), { format: 'tiff', metadata: 'keep' });
const colours = [
  { type: 'gAMA', data: Buffer.from([0, 1, 0x86, 0xa0]) },
  {
    type: 'cHRM',
    data: Buffer.from(primaries.flatMap((value) => [0, value >> 16, (value >> 8) & 0xff, value & 0xff])),
  },
  { type: 'cICP', data: Buffer.from([12, 13, 0, 1]) },
];
const files: Record<string, Buffer> = {
  jpeg: await encoded((image) => image.jpeg()),
  png,
  'png with colour chunks': withChunks(png, colours, new Set(['iCCP'])),
  webp: await encoded((image) => image.webp()),
  avif: await encoded((image) => image.avif({ effort: 0 })),
  tiff: tiff.bytes,
};

/** Damages one byte or one word of the headers, or of the end of the file, or truncates it there. */
function damaged(file: Buffer, random: Random): Buffer {
  const bytes = Buffer.from(file);
  // The directories of a TIFF come after its pixels.
  const span = Math.min(bytes.length, random.pick([64, 700, bytes.length]));
  const at = random.below(2) === 0 ? random.below(span) : bytes.length - 1 - random.below(span);
  const kind = random.below(8);
  if (kind === 0) return bytes.subarray(0, at);
  if (kind === 1) bytes.fill(random.pick([0, 0x7f, 0xff]), at, Math.min(at + 4, bytes.length));
  else
    bytes[at] = random.pick([0, 1, 0x7f, 0x80, 0xff, random.below(256), random.below(32), (bytes[at] as number) ^ 1]);
  return bytes;
}

for (const [name, file] of Object.entries(files)) {
  test(`${name}: damaged metadata is rejected or ignored`, async () => {
    for (let turn = 0; turn < count; turn += 1) {
      const random = createRandom(seed + turn * 7919);
      const bytes = damaged(file, random);
      const format = random.pick(['jpeg', 'png', 'webp', 'tiff'] as const);
      const parameters = { width: 20, format, metadata: random.pick(['keep', 'keep', 'copyright'] as const) };
      try {
        const made = await transformImage(bytes, parameters);
        const read = await sharp(made.bytes, { failOn: 'warning' }).metadata();
        assert.deepEqual([read.format, read.width, read.orientation ?? 1], [format, made.width, 1]);
        await sharp(made.bytes, { failOn: 'warning' }).stats();
      } catch (error) {
        if (error instanceof RequestError && error.code !== 'internal') continue;
        throw new Error(`seed ${seed}, turn ${turn}: ${error}`, { cause: error });
      }
    }
  });
}
const readers: Record<string, (bytes: Buffer) => unknown> = {
  readExif: (bytes) => [true, false].map((onlyCredits) => readExif(bytes, { onlyCredits })),
  tiffAsExif,
  updateExif: (bytes) => assert.ok((updateExif(bytes, size)?.length ?? 0) <= bytes.length + 4),
  updateXmp: (bytes) => updateXmp(bytes, size),
  readPngColour,
  setPngColour: (bytes) => setPngColour(bytes, undefined),
  readAvifColour,
  countWebpFrames,
  checkPages: (bytes) => {
    try {
      checkPages(bytes);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
    }
  },
};

const inputs = Object.values(files);
for (const one of Object.values(files)) {
  const { exif } = await sharp(one).metadata();
  if (exif !== undefined) inputs.push(exif, exif);
}
inputs.push(Buffer.from(xmp));

for (const [name, read] of Object.entries(readers)) {
  test(`${name} does not fail on ${20 * count} damaged inputs`, { timeout: 60_000 + count * 100 }, () => {
    for (let turn = 0; turn < 20 * count; turn += 1) {
      const random = createRandom(seed + turn * 7919);
      let input = inputs[turn % inputs.length] as Buffer;
      for (let times = 1 + random.below(3); times > 0 && input.length > 0; times -= 1) input = damaged(input, random);
      try {
        read(input);
      } catch (error) {
        throw new Error(`seed ${seed}, turn ${turn}`, { cause: error });
      }
    }
  });
}
