import { openPixels, type Pixels, pixelsOf, toEightBits } from './pixels.ts';
import type { Sharp } from './sharp.ts';

/** Scales pixels with their colours raised to a power, with 16 bits in between: 8 would crush dark colours. */
export async function inLinearLight(pixels: Pixels, exponent: number, scale: (image: Sharp) => Sharp): Promise<Pixels> {
  const image = scale(openPixels(pixels).pipelineColourspace('rgb16')).gamma(exponent);
  return toEightBits(await pixelsOf(image, true), 256);
}
