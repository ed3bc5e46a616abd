import { type Canvas, changePixels } from './canvas.ts';
import { openPixels, type Pixels, pixelsOf } from './pixels.ts';
import type { Sharp } from './sharp.ts';

/** Runs one operation alone: combined, it might get premultiplied colours. */
export function filter(canvas: Canvas, operation: (image: Sharp) => Sharp, of?: 'all' | 'each'): Promise<Canvas> {
  return changePixels(canvas, (pixels) => filtered(pixels, operation), of);
}

export function filtered(pixels: Pixels, operation: (image: Sharp) => Sharp): Promise<Pixels> {
  return pixelsOf(operation(openPixels(pixels)));
}
