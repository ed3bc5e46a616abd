import type { Size } from './output-size.ts';
import { openPixels, type Pixels, pixelsOf, toEightBits } from './pixels.ts';
import { inParts } from './turns.ts';

const maxDeep = 65_535;

/** Most pixels with alpha, in all frames together, to scale in 16 bits, which transparent edges need. */
export const maxPrecisePixels = 1_048_576;

/**
 * Creates a function that scales in 16 bits, which preserves dark colours in linear light and colours of low alpha.
 * @param gamma exponent of linear light
 */
export function pixelScaler({ width, height }: Size, gamma = 1): (pixels: Pixels) => Promise<Pixels> {
  const toSamples = gamma === 1 ? undefined : curve(maxDeep, 1 / gamma);
  return async (pixels) => {
    const isDeep = pixels.data instanceof Uint16Array;
    // sharp's own gamma truncates: at an exponent of 2.2, 2 of 255 would become 0.
    const linear = await encode(pixels, curve(isDeep ? maxDeep : 255, gamma));
    const scaled = await pixelsOf(openPixels(linear).resize({ width, height, fit: 'fill' }), true);
    await decode(scaled, toSamples);
    return isDeep ? scaled : toEightBits(scaled);
  };
}

/** 16-bit value of each sample from 0 to `max`. */
function curve(max: number, exponent: number): Uint16Array {
  const values = new Uint16Array(max + 1);
  for (let sample = 0; sample <= max; sample += 1) values[sample] = Math.round((sample / max) ** exponent * maxDeep);
  return values;
}

/** Halves alpha for headroom: scaled edges overshoot, and clipping alpha but not colours leaves a bright rim. */
async function encode({ data, ...pixels }: Pixels, colours: Uint16Array): Promise<Pixels> {
  const encoded = new Uint16Array(data.length);
  const halfUnit = maxDeep / (colours.length - 1) / 2;
  await inParts(data.length, (start, end) => {
    for (let at = start; at < end; at += 1) encoded[at] = colours[data[at] as number] as number;
    if (pixels.channels === 3) return;
    for (let at = start + 3; at < end; at += 4) encoded[at] = Math.round((data[at] as number) * halfUnit);
  });
  return { ...pixels, data: encoded };
}

/**
 * Reverts `encode`, in place.
 * @param colours undefined without a gamma
 */
async function decode({ data, channels }: Pixels, colours: Uint16Array | undefined): Promise<void> {
  await inParts(data.length, (start, end) => {
    for (let at = start; at < end; at += 1) {
      if (channels === 4 && at % 4 === 3) data[at] = Math.min(maxDeep, 2 * (data[at] as number));
      else if (colours !== undefined) data[at] = colours[data[at] as number] as number;
    }
  });
}
