import sharp, { type Sharp } from 'sharp';
import { avifFile } from './avif-files.ts';
import { cameraExif, withExif } from './camera-exif.ts';
import { animation } from './images.ts';
import { cHRM, cICP, gAMA, sRGB } from './png-chunks.ts';
import { draw, draw16Bit } from './source-kinds.ts';
import { type Samples, tiff } from './tiff.ts';

export interface Sample {
  format: string;
  contents: string;
  file: () => Buffer | Promise<Buffer>;
}

/** The colour of all samples, before their files' colour information is applied. */
export const patch = [200, 100, 50];
/** The same for one channel. */
export const greyPatch = 120;

const [width, height] = [24, 24];

/** The left half is the patch, the right half has more colours than fit a palette. */
function pattern(values: readonly number[]) {
  const alongAxes = [(x: number) => x * 7, (_: number, y: number) => y * 9, (x: number, y: number) => x * y];
  return (x: number, y: number) =>
    x < width / 2
      ? values
      : values.map((value, band) => (band === 3 ? value : (value + (alongAxes[band]?.(x, y) ?? 0)) % 256));
}

const rgb = () => draw(width, height, 3, pattern(patch));
const rgba = () => draw(width, height, 4, pattern([...patch, 128]));
const grey = () => draw(width, height, 1, pattern([greyPatch])).toColourspace('b-w');
const greyAlpha = () => draw(width, height, 2, (x, y) => [...pattern([greyPatch])(x, y), 128]).toColourspace('b-w');
const flat = () => draw(width, height, 3, () => patch);
const deep = (values: readonly number[]) =>
  draw16Bit(width, height, values.length as 1 | 2 | 3 | 4, (x, y) => pattern(values)(x, y).map((value) => value * 257));

const jpeg = (image: Sharp) => image.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer();
const png = (image: Sharp) => image.png().toBuffer();
const palette = (image: Sharp) => image.png({ palette: true, colours: 4, dither: 0 }).toBuffer();
const deflated = (image: Sharp) => image.tiff({ compression: 'deflate' }).toBuffer();
const lossless = (image: Sharp) => image.webp({ lossless: true }).toBuffer();
const animated = (format: 'gif' | 'webp') => animation(format, width, height, [patch, [10, 200, 30]] as never);

function uncompressed(
  samples: Omit<Samples, 'width' | 'height' | 'data'>,
  values: readonly number[],
  bits = 16,
): Buffer {
  const all = Array.from({ length: width * height }, () => values).flat();
  const data = bits === 8 ? Uint8Array.from(all) : bits === 16 ? Uint16Array.from(all) : Uint32Array.from(all);
  return tiff({ width, height, ...samples, data: Buffer.from(data.buffer) });
}

async function sequence(): Promise<Buffer> {
  const still = await rgb().avif({ lossless: true }).toBuffer();
  still.write('avis', 8, 'latin1');
  return still;
}

async function pages(): Promise<Buffer> {
  const all = await Promise.all([png(rgb()), png(grey())]);
  return sharp(all, { join: { animated: true } })
    .tiff({ compression: 'deflate' })
    .toBuffer();
}

const svg = (attributes: string) =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" ${attributes}><rect width="100%" height="100%" fill="rgb(${patch})"/></svg>`,
  );

const samples: Record<string, Record<string, Sample['file']>> = {
  jpeg: {
    grey: () => jpeg(grey()),
    RGB: () => jpeg(rgb()),
    'RGB, the same colour in Display P3 with its profile': () => jpeg(rgb().withIccProfile('p3')),
    'RGB, EXIF for Adobe RGB': async () =>
      withExif(await jpeg(rgb()), cameraExif({ colorSpace: 0xffff, index: 'R03' })),
    CMYK: () => jpeg(rgb().toColourspace('cmyk')),
  },
  png: {
    'grey, 8 bits': () => png(grey()),
    'grey and alpha, 8 bits': () => png(greyAlpha()),
    'grey, 16 bits': () => png(deep([greyPatch])),
    palette: () => palette(flat()),
    'palette with transparency': () => palette(flat().ensureAlpha(0.5)),
    'RGB, 8 bits': () => png(rgb()),
    'RGB and alpha, 8 bits': () => png(rgba()),
    'RGB, 16 bits': () => png(deep(patch)),
    'RGB and alpha, 16 bits': () => png(deep([...patch, 128])),
    'cICP for Display P3': async () => cICP(await png(rgb()), 12, 13, 0, 1),
    'cICP for BT.2020 and PQ': async () => cICP(await png(rgb()), 9, 16, 0, 1),
    'gAMA of 1.0': async () => gAMA(await png(rgb()), 1),
    'cHRM of Adobe RGB and gAMA of 1/2.2': async () =>
      cHRM(gAMA(await png(rgb()), 1 / 2.2), [0.3127, 0.329, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06]),
    'sRGB and gAMA': async () => gAMA(sRGB(await png(rgb())), 1),
  },
  webp: {
    RGB: () => lossless(rgb()),
    'RGB and alpha': () => lossless(rgba()),
    animation: () => animated('webp'),
  },
  avif: {
    RGB: () => rgb().avif({ lossless: true }).toBuffer(),
    'RGB and alpha': () => rgba().avif({ lossless: true }).toBuffer(),
    'RGB and premultiplied alpha': () => avifFile('premultiplied'),
    'grey with a profile for linear light': () => avifFile('greyProfile'),
    sequence,
  },
  gif: {
    still: () => flat().gif().toBuffer(),
    'with transparency': () =>
      draw(width, height, 4, (x) => (x < 4 ? [0, 0, 0, 0] : [...patch, 255]))
        .gif()
        .toBuffer(),
    animation: () => animated('gif'),
  },
  tiff: {
    'grey, 16 bits': () => deflated(deep([greyPatch])),
    'RGB, 8 bits': () => deflated(rgb()),
    'RGB and alpha, 8 bits': () => deflated(rgba()),
    'RGB and premultiplied alpha, 8 bits': () =>
      uncompressed({ channels: 4, bits: 8, photometric: 2, extra: 1 }, [100, 50, 25, 128], 8),
    'RGB, 16 bits': () => deflated(deep(patch)),
    'CMYK, 8 bits, the same colour with its profile': () =>
      deflated(rgb().withIccProfile('cmyk').toColourspace('cmyk')),
    'CMYK, 16 bits': () => uncompressed({ channels: 4, bits: 16, photometric: 5 }, [0, 32_768, 49_152, 8192]),
    pages,
    'RGB, 32 bits': () => uncompressed({ channels: 3, bits: 32, photometric: 2 }, patch, 32),
    'RGB, floating point': () => uncompressed({ channels: 3, bits: 32, format: 3, photometric: 2 }, patch, 32),
    'YCbCr, not compressed': () =>
      uncompressed({ channels: 3, bits: 8, photometric: 6, subsampling: [1, 1] }, [124, 86, 182], 8),
    'CIELab, 16 bits': () => uncompressed({ channels: 3, bits: 16, photometric: 8 }, patch),
  },
  svg: {
    'with a size': () => svg('width="1in" height="12pt"'),
    'with a viewBox alone': () => svg('viewBox="0 0 20 10"'),
    'without a size': () => svg(''),
  },
};

/** A small file for every kind of contents of each format. */
export const formatSamples: Sample[] = Object.entries(samples).flatMap(([format, kinds]) =>
  Object.entries(kinds).map(([contents, file]) => ({ format, contents, file })),
);
