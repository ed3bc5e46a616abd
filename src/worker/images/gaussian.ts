import { filterPixels } from './filter.ts';
import { openPixels, type Pixels, pixelsOf, toEightBits } from './pixels.ts';

/** Largest sigma for an exact kernel, in pixels. */
const maxSigma = 6;

/**
 * Blurs within 1.5 % of a Gaussian. Small sigmas are computed in 16 bits, because libvips' 8-bit fixed-point kernels
 * shift flat colours by up to 6. Large ones are approximated by line sums, whose time does not depend on sigma.
 */
export async function gaussian(pixels: Pixels, sigma: number): Promise<Pixels> {
  if (sigma > maxSigma) {
    return filterPixels(pixels, (image) => image.blur({ sigma, precision: 'approximate', minAmplitude: 0.05 }));
  }
  const image = openPixels(pixels).pipelineColourspace('rgb16').blur({ sigma, minAmplitude: 0.01 });
  return toEightBits(await pixelsOf(image, true), 256);
}
