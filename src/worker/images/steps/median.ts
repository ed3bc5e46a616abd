import { applyToPixels, split } from '../canvas.ts';
import type { Step } from './step.ts';

export const median = {
  parameters: ['median'],
  async run(canvas, { parameters: { median } }) {
    if (median === undefined) return canvas;
    // libvips rejects a window larger than the image.
    const size = Math.min(median, canvas.size.width, canvas.size.height);
    return size < 2 ? canvas : applyToPixels(await split(canvas), 'median', (image) => image.median(size));
  },
} as const satisfies Step;
