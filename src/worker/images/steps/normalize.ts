import { askOfPixels, join } from '../canvas.ts';
import type { Step } from './step.ts';

/** Stretches the lightness to the whole range: of all frames alike, or an animation would flicker. */
export const normalize = {
  parameters: ['normalize'],
  async apply(canvas, { parameters: { normalize } }) {
    if (!normalize) return canvas;
    return askOfPixels(await join(canvas), 'normalize', (image) => image.normalize());
  },
} as const satisfies Step;
