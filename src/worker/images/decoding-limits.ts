import { tooManyFrames, tooManyPixels } from './errors.ts';
import type { Size } from './output-size.ts';

/** Every frame costs time; in WebP, quadratically. */
export const maxFrames = 2000;

export function checkFrames(frames: number): void {
  if (frames > maxFrames) throw tooManyFrames(maxFrames, frames);
}

/**
 * Rejects animations whose frames exceed the limits together.
 * @throws RequestError `unprocessable_image`
 */
export function checkDecoded({ width, height }: Size, frames: number, maxPixels: number): void {
  if (frames === 1) return;
  checkFrames(frames);
  if (width * height * frames <= maxPixels) return;
  throw tooManyPixels(maxPixels, `${width} x ${height} x ${frames} frames; page or animated=false takes one of them`);
}
