import type { Size } from './output-size.ts';
import { openPixels, type Pixels, pixelsOf, toEightBits } from './pixels.ts';

/**
 * Scales in 16 bits, which preserves dark colours in linear light and colours of low alpha.
 * @param gamma exponent of linear light
 */
export async function scalePixels(pixels: Pixels, { width, height }: Size, gamma?: number): Promise<Pixels> {
  const isDeep = pixels.data instanceof Uint16Array;
  const image = openPixels(await toSixteenBits(pixels)).resize({ width, height, fit: 'fill' });
  const scaled = await pixelsOf(gamma === undefined ? image : image.gamma(gamma), true);
  // libvips has shifted 8 bits to 16: 255 became 65,280.
  if (pixels.channels === 4) doubleAlpha(scaled.data, isDeep ? 65_535 : 65_280);
  return isDeep ? scaled : toEightBits(scaled, 256);
}

/** Halves alpha for headroom: scaled edges overshoot, and clipping alpha but not colours leaves a bright rim. */
function toSixteenBits(pixels: Pixels): Promise<Pixels> {
  const image = openPixels(pixels).pipelineColourspace('rgb16');
  return pixelsOf(pixels.channels === 4 ? image.linear([1, 1, 1, 0.5], [0, 0, 0, 0]) : image, true);
}

function doubleAlpha(data: Pixels['data'], max: number): void {
  for (let at = 3; at < data.length; at += 4) data[at] = Math.min(max, 2 * (data[at] as number));
}
