import { filtered } from './filter.ts';
import { openPixels, type Pixels, pixelsOf, toEightBits } from './pixels.ts';

/** For an exact kernel, in pixels. */
const maxSigma = 6;

/**
 * Within 1.5 % of a Gaussian. Small sigmas in 16 bits: libvips' 8-bit fixed-point kernels shift plain colours by up to
 * 6. Large ones by line sums, in time independent of sigma.
 */
export async function gaussian(pixels: Pixels, sigma: number): Promise<Pixels> {
  if (sigma > maxSigma) {
    return filtered(pixels, (image) => image.blur({ sigma, precision: 'approximate', minAmplitude: 0.05 }));
  }
  const image = openPixels(pixels).pipelineColourspace('rgb16').blur({ sigma, minAmplitude: 0.01 });
  return toEightBits(await pixelsOf(image, true), 256);
}
