import sharp, { type Sharp } from 'sharp';
import { animation } from './images.ts';
import { tiff } from './tiff.ts';

export type Samples = (x: number, y: number) => readonly number[];

/** An image computed from a formula, 8 bits per channel. */
export function draw(width: number, height: number, channels: 1 | 2 | 3 | 4, samples: Samples): Sharp {
  const data = Buffer.alloc(width * height * channels);
  for (let at = 0; at < width * height; at += 1) {
    data.set(samples(at % width, Math.floor(at / width)).slice(0, channels), at * channels);
  }
  return sharp(data, { raw: { width, height, channels } });
}

/** The same, 16 bits per channel. */
export function draw16Bit(width: number, height: number, channels: 1 | 2 | 3 | 4, samples: Samples): Sharp {
  const data = new Uint16Array(width * height * channels);
  for (let at = 0; at < width * height; at += 1) {
    data.set(samples(at % width, Math.floor(at / width)).slice(0, channels), at * channels);
  }
  return sharp(data, { raw: { width, height, channels } }).toColourspace(channels < 3 ? 'grey16' : 'rgb16');
}

const smooth: Samples = (x, y) => [40 + 4 * x, 220 - 5 * y, (60 + 3 * x + 2 * y) % 256, 255];
const grey: Samples = (x, y) => [50 + 3 * x + 2 * y, 255];
const holed: Samples = (x, y) => {
  const alpha = x < 10 ? 0 : Math.min(255, 40 + 6 * y);
  return alpha === 0 ? [0, 0, 0, 0] : [...smooth(x, y).slice(0, 3), alpha];
};
const deep =
  (samples: Samples): Samples =>
  (x, y) =>
    samples(x, y).map((value) => value * 257);
const greyHoled: Samples = (x, y) => (x < 10 ? [0, 0] : [grey(x, y)[0] as number, 40 + 6 * y]);

const [width, height] = [40, 30];

/** CMYK of 16 bits; white on the left, to catch losses at the ends of the range. */
function cmykSamples(): Buffer {
  const data = new Uint16Array(width * height * 4);
  for (let at = 0; at < data.length; at += 4) {
    const x = (at / 4) % width;
    if (x > 5) data.set([1000 * x, 500 * x, at, 300 * x], at);
  }
  return Buffer.from(data.buffer);
}

/** Images of 40 x 30, one for each kind of source. */
export const sourceKinds: Record<string, () => Promise<Buffer>> = {
  opaque: () => draw(width, height, 3, smooth).png().toBuffer(),
  transparent: () => draw(width, height, 4, holed).png().toBuffer(),
  palette: () => draw(width, height, 3, smooth).png({ palette: true, colours: 16 }).toBuffer(),
  grey: () => draw(width, height, 1, grey).toColourspace('b-w').png().toBuffer(),
  'grey jpeg': () => draw(width, height, 1, grey).toColourspace('b-w').jpeg({ quality: 100 }).toBuffer(),
  'grey with alpha': () => draw(width, height, 2, greyHoled).toColourspace('b-w').png().toBuffer(),
  '16 bits': () => draw16Bit(width, height, 3, deep(smooth)).png().toBuffer(),
  '16 bits with alpha': () => draw16Bit(width, height, 4, deep(holed)).png().toBuffer(),
  '16 bits grey': () => draw16Bit(width, height, 1, deep(grey)).png().toBuffer(),
  '16 bits P3': () => draw16Bit(width, height, 3, deep(smooth)).withIccProfile('p3').png().toBuffer(),
  P3: () => draw(width, height, 3, smooth).withIccProfile('p3').png().toBuffer(),
  CMYK: () =>
    draw(width, height, 3, smooth)
      .withIccProfile('cmyk')
      .toColourspace('cmyk')
      .tiff({ compression: 'deflate' })
      .toBuffer(),
  'CMYK jpeg': () => draw(width, height, 3, smooth).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer(),
  'CMYK of 16 bits': async () => tiff({ width, height, channels: 4, bits: 16, photometric: 5, data: cmykSamples() }),
  'turned by EXIF': () =>
    draw(height, width, 3, (x, y) => smooth(y, height - 1 - x))
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer(),
  animated: () =>
    animation('webp', width, height, [
      [200, 40, 60],
      [30, 140, 220],
      [90, 200, 40],
    ]),
};
