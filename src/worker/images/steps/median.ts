import { askOfPixels, split } from '../canvas.ts';
import type { Step } from './step.ts';

/** Takes specks away. */
export const median = {
  parameters: ['median'],
  async apply(canvas, { parameters: { median } }) {
    if (median === undefined) return canvas;
    // libvips refuses a window that is larger than the image.
    const size = Math.min(median, canvas.size.width, canvas.size.height);
    return size < 2 ? canvas : askOfPixels(await split(canvas), 'median', (image) => image.median(size));
  },
} as const satisfies Step;
