import { openPixels, type Pixels } from '../pixels.ts';
import { type Sharp, sharp } from '../sharp.ts';
import { palettePng } from './palette-png.ts';

/** Most colours of a palette that compresses better than filtered grey. */
const maxGreyPalette = 16;

/**
 * Largest image whose colours are counted; with more pixels, that would block the worker for over a third of a second.
 */
const maxPalettePixels = 25_000_000;

/**
 * Chooses the smallest lossless form: palette, grey or RGB.
 * @param level zlib level of a palette PNG; undefined for no palette
 * @returns the encoded file, or the image to encode
 */
export async function compactPng(pixels: Pixels, level: number | undefined): Promise<Buffer | Sharp> {
  const { data, width, height } = pixels;
  const grey = greyOf(pixels);
  if (data instanceof Uint8Array && level !== undefined && width * height <= maxPalettePixels) {
    const palette = await palettePng(
      { ...pixels, data },
      { level, maxColours: grey === undefined ? 256 : maxGreyPalette },
    );
    if (palette !== undefined) return palette;
  }
  if (grey === undefined) return openPixels(pixels).toColourspace(data instanceof Uint16Array ? 'rgb16' : 'srgb');
  const isDeep = grey instanceof Uint16Array;
  return sharp(grey, { raw: { width, height, channels: 1 }, limitInputPixels: false }).toColourspace(
    isDeep ? 'grey16' : 'b-w',
  );
}

/** @returns the grey channel; undefined for colours or alpha */
function greyOf({ data, channels, width, height }: Pixels): Pixels['data'] | undefined {
  const opaque = data instanceof Uint16Array ? 65535 : 255;
  for (let at = 0; at < data.length; at += channels) {
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return undefined;
    if (channels === 4 && data[at + 3] !== opaque) return undefined;
  }
  const grey = data instanceof Uint16Array ? new Uint16Array(width * height) : new Uint8Array(width * height);
  for (let at = 0; at < grey.length; at += 1) grey[at] = data[at * channels] as number;
  return grey;
}
