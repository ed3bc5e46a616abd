import { askAroundAlpha } from '../around-alpha.ts';
import type { Step } from './step.ts';

/** Takes the colours away. */
export const grayscale = {
  parameters: ['grayscale'],
  apply(canvas, { parameters: { grayscale } }) {
    if (!grayscale) return canvas;
    // sharp writes pixels that were made grey without their transparency.
    return askAroundAlpha(canvas, 'gray', (image) => image.grayscale());
  },
} as const satisfies Step;
