import { applyToPixels, join } from '../canvas.ts';
import type { Step } from './step.ts';

/** Stretches lightness to the full range, over all frames together: separately, an animation would flicker. */
export const normalize = {
  parameters: ['normalize'],
  async run(canvas, { parameters: { normalize } }) {
    if (!normalize) return canvas;
    return applyToPixels(await join(canvas), 'normalize', (image) => image.normalize());
  },
} as const satisfies Step;
