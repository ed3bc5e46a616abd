import type { Size } from './output-size.ts';
import { openPixels, type Pixels, pixelsOf, toEightBits } from './pixels.ts';

const maxDeep = 65_535;

/** Most pixels with alpha, in all frames together, to scale in 16 bits, which transparent edges need. */
export const maxPrecisePixels = 1_048_576;

/**
 * Creates a function that scales in 16 bits, which preserves dark colours in linear light and colours of low alpha.
 * @param gamma exponent of linear light
 */
export function pixelScaler({ width, height }: Size, gamma = 1): (pixels: Pixels) => Promise<Pixels> {
  const toSamples = curve(maxDeep, 1 / gamma);
  return async (pixels) => {
    const isDeep = pixels.data instanceof Uint16Array;
    // sharp's own gamma truncates: at an exponent of 2.2, 2 of 255 would become 0.
    const linear = encode(pixels, curve(isDeep ? maxDeep : 255, gamma));
    const scaled = await pixelsOf(openPixels(linear).resize({ width, height, fit: 'fill' }), true);
    decode(scaled, toSamples);
    return isDeep ? scaled : toEightBits(scaled);
  };
}

/** 16-bit value of each sample from 0 to `max`. */
function curve(max: number, exponent: number): Uint16Array {
  return Uint16Array.from({ length: max + 1 }, (_, sample) => Math.round((sample / max) ** exponent * maxDeep));
}

/** Halves alpha for headroom: scaled edges overshoot, and clipping alpha but not colours leaves a bright rim. */
function encode(pixels: Pixels, colours: Uint16Array): Pixels {
  const { data, channels } = pixels;
  const encoded = new Uint16Array(data.length);
  const halfUnit = maxDeep / (colours.length - 1) / 2;
  for (let at = 0; at < data.length; at += 1) {
    const isAlpha = channels === 4 && at % 4 === 3;
    encoded[at] = isAlpha ? Math.round((data[at] as number) * halfUnit) : (colours[data[at] as number] as number);
  }
  return { ...pixels, data: encoded };
}

/** Reverts `encode`, in place. */
function decode({ data, channels }: Pixels, colours: Uint16Array): void {
  for (let at = 0; at < data.length; at += 1) {
    const isAlpha = channels === 4 && at % 4 === 3;
    data[at] = isAlpha ? Math.min(maxDeep, 2 * (data[at] as number)) : (colours[data[at] as number] as number);
  }
}
