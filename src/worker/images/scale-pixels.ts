import type { Size } from './output-size.ts';
import { openPixels, type Pixels, pixelsOf, toEightBits } from './pixels.ts';

/**
 * Scales pixels with 16 bits in between, which keeps dark colours apart in linear light, and colours of little alpha.
 * @param gamma exponent of linear light
 */
export async function scalePixels(pixels: Pixels, { width, height }: Size, gamma?: number): Promise<Pixels> {
  const isDeep = pixels.data instanceof Uint16Array;
  const image = openPixels(await deepened(pixels)).resize({ width, height, fit: 'fill' });
  const scaled = await pixelsOf(gamma === undefined ? image : image.gamma(gamma), true);
  // libvips made 16 bits of 8 by a shift.
  if (pixels.channels === 4) doubleAlpha(scaled.data, isDeep ? 65_535 : 65_280);
  return isDeep ? scaled : toEightBits(scaled, 256);
}

/** Halves alpha: edges overshoot when they are scaled, and where alpha alone is clipped, a bright rim is left. */
function deepened(pixels: Pixels): Promise<Pixels> {
  const image = openPixels(pixels).pipelineColourspace('rgb16');
  return pixelsOf(pixels.channels === 4 ? image.linear([1, 1, 1, 0.5], [0, 0, 0, 0]) : image, true);
}

function doubleAlpha(data: Pixels['data'], max: number): void {
  for (let at = 3; at < data.length; at += 4) data[at] = Math.min(max, 2 * (data[at] as number));
}
