import { openPixels, type Pixels, pixelsOf } from './pixels.ts';
import type { Sharp } from './sharp.ts';

/** Scales pixels with their colours raised to a power, with 16 bits in between: 8 would crush dark colours. */
export async function inLinearLight(pixels: Pixels, exponent: number, scale: (image: Sharp) => Sharp): Promise<Pixels> {
  const image = scale(openPixels(pixels).pipelineColourspace('rgb16')).gamma(exponent);
  const { data: deep, ...rest } = await pixelsOf(image, true);
  const data = new Uint8Array(deep.length);
  // libvips made 16 bits of 8 by a shift.
  for (let at = 0; at < data.length; at += 1) data[at] = Math.min(255, ((deep[at] as number) + 128) >> 8);
  return { ...rest, data };
}
