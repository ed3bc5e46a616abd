import { tooManyChunks, tooManyFrames, tooManyPixels } from './errors.ts';
import type { Size } from './output-size.ts';

/** Every frame takes time, in WebP quadratically. */
export const maxFrames = 2000;

/** Reading more chunks, boxes or blocks, of which a file may have millions, would block the worker for over 50 ms. */
export const maxChunks = 100_000;

/** @throws RequestError `unprocessable_image` */
export function checkChunks(chunks: number): void {
  if (chunks > maxChunks) throw tooManyChunks(maxChunks);
}

/** @throws RequestError `unprocessable_image` */
export function checkFrames(frames: number): void {
  if (frames > maxFrames) throw tooManyFrames(maxFrames, frames);
}

/**
 * Rejects an animation with too many frames, or too many pixels in all frames together.
 * @throws RequestError `unprocessable_image`
 */
export function checkAnimation({ width, height }: Size, frames: number, maxPixels: number): void {
  if (frames === 1) return;
  checkFrames(frames);
  if (width * height * frames <= maxPixels) return;
  throw tooManyPixels(maxPixels, `${width} x ${height} x ${frames} frames; page or animated=false selects one of them`);
}
