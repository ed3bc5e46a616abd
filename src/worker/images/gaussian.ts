import { filterInSixteenBits, filterPixels } from './filter.ts';
import type { Pixels } from './pixels.ts';

/** Largest sigma for an exact kernel, in pixels. */
const maxSigma = 6;

/**
 * Blurs within 1.5 % of a Gaussian. Small sigmas are computed in 16 bits, because libvips' 8-bit fixed-point kernels
 * shift flat colours by up to 6. Large ones are approximated by line sums, whose time does not depend on sigma.
 */
export function gaussian(pixels: Pixels, sigma: number): Promise<Pixels> {
  if (sigma > maxSigma) {
    const filter = pixels.channels === 4 ? filterInSixteenBits : filterPixels;
    return filter(pixels, (image) => image.blur({ sigma, precision: 'approximate', minAmplitude: 0.05 }));
  }
  return filterInSixteenBits(pixels, (image) => image.blur({ sigma, minAmplitude: 0.01 }));
}
