import { filtered } from './filter.ts';
import { openPixels, type Pixels, pixelsOf, toEightBits } from './pixels.ts';

/** Largest sigma whose kernel is applied as it is, in pixels. */
const maxSigma = 6;

/**
 * Blurs pixels, within 1.5 % of a Gaussian. Small sigmas with 16 bits in between: of 8, libvips uses kernels in fixed point,
 * which change a plain colour by up to 6. Large ones by sums of lines, whose time does not grow with the kernel.
 */
export async function gaussian(pixels: Pixels, sigma: number): Promise<Pixels> {
  if (sigma > maxSigma) {
    return filtered(pixels, (image) => image.blur({ sigma, precision: 'approximate', minAmplitude: 0.05 }));
  }
  const image = openPixels(pixels).pipelineColourspace('rgb16').blur({ sigma, minAmplitude: 0.01 });
  return toEightBits(await pixelsOf(image, true), 256);
}
