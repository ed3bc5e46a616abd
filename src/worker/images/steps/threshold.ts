import { askAroundAlpha } from '../around-alpha.ts';
import type { Step } from './step.ts';

/** Makes each pixel black or white. */
export const threshold = {
  parameters: ['threshold'],
  async apply(canvas, { parameters: { threshold } }) {
    if (threshold === undefined) return canvas;
    // To sharp transparency is one more channel to be made 0 or 255.
    return askAroundAlpha(canvas, 'threshold', (image) => image.threshold(threshold));
  },
} as const satisfies Step;
