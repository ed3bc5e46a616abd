import { type Canvas, changePixels } from './canvas.ts';
import { openPixels, type Pixels, pixelsOf, toEightBits, toSixteenBits } from './pixels.ts';
import type { Sharp } from './sharp.ts';

/** Runs one sharp operation on its own: combined with others, it might receive premultiplied colours. */
export function filterCanvas(
  canvas: Canvas,
  operation: (image: Sharp) => Sharp,
  frameMode?: 'all' | 'each',
): Promise<Canvas> {
  return changePixels(canvas, (pixels) => filterPixels(pixels, operation), frameMode);
}

export function filterPixels(pixels: Pixels, operation: (image: Sharp) => Sharp): Promise<Pixels> {
  return pixelsOf(operation(openPixels(pixels)));
}

/** Runs one sharp operation in 16 bits, which keeps colours that sharp premultiplies by a low alpha. */
export async function filterInSixteenBits(pixels: Pixels, operation: (image: Sharp) => Sharp): Promise<Pixels> {
  const deep = await toSixteenBits(pixels);
  return toEightBits(await pixelsOf(operation(openPixels(deep)), true));
}
