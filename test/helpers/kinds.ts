import sharp, { type Sharp } from 'sharp';
import { animation } from './images.ts';
import { tiff } from './tiff.ts';

export type Samples = (x: number, y: number) => readonly number[];

/** A picture by a formula, 8 bits a channel. */
export function drawn(width: number, height: number, channels: 1 | 2 | 3 | 4, samples: Samples): Sharp {
  const data = Buffer.alloc(width * height * channels);
  for (let at = 0; at < width * height; at += 1) {
    data.set(samples(at % width, Math.floor(at / width)).slice(0, channels), at * channels);
  }
  return sharp(data, { raw: { width, height, channels } });
}

/** The same, 16 bits a channel. */
export function drawnDeep(width: number, height: number, channels: 1 | 2 | 3 | 4, samples: Samples): Sharp {
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

/** White on the left, for what is lost at the ends of the scale. */
function inks(): Buffer {
  const data = new Uint16Array(width * height * 4);
  for (let at = 0; at < data.length; at += 4) {
    const x = (at / 4) % width;
    if (x > 5) data.set([1000 * x, 500 * x, at, 300 * x], at);
  }
  return Buffer.from(data.buffer);
}

/** Pictures of 40 x 30, one of each kind of source. */
export const kinds: Record<string, () => Promise<Buffer>> = {
  opaque: () => drawn(width, height, 3, smooth).png().toBuffer(),
  transparent: () => drawn(width, height, 4, holed).png().toBuffer(),
  palette: () => drawn(width, height, 3, smooth).png({ palette: true, colours: 16 }).toBuffer(),
  grey: () => drawn(width, height, 1, grey).toColourspace('b-w').png().toBuffer(),
  'grey jpeg': () => drawn(width, height, 1, grey).toColourspace('b-w').jpeg({ quality: 100 }).toBuffer(),
  'grey with alpha': () => drawn(width, height, 2, greyHoled).toColourspace('b-w').png().toBuffer(),
  '16 bits': () => drawnDeep(width, height, 3, deep(smooth)).png().toBuffer(),
  '16 bits with alpha': () => drawnDeep(width, height, 4, deep(holed)).png().toBuffer(),
  '16 bits grey': () => drawnDeep(width, height, 1, deep(grey)).png().toBuffer(),
  '16 bits P3': () => drawnDeep(width, height, 3, deep(smooth)).withIccProfile('p3').png().toBuffer(),
  P3: () => drawn(width, height, 3, smooth).withIccProfile('p3').png().toBuffer(),
  CMYK: () =>
    drawn(width, height, 3, smooth)
      .withIccProfile('cmyk')
      .toColourspace('cmyk')
      .tiff({ compression: 'deflate' })
      .toBuffer(),
  'CMYK jpeg': () => drawn(width, height, 3, smooth).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer(),
  'CMYK of 16 bits': async () => tiff({ width, height, channels: 4, bits: 16, photometric: 5, data: inks() }),
  'turned by EXIF': () =>
    drawn(height, width, 3, (x, y) => smooth(y, height - 1 - x))
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
