import { askOfPixels } from '../canvas.ts';
import type { Step } from './step.ts';

/** Takes the colours away. */
export const grayscale = {
  parameters: ['grayscale'],
  apply(canvas, { parameters: { grayscale } }) {
    if (!grayscale) return canvas;
    return askOfPixels(canvas, 'gray', (image) => image.grayscale());
  },
} as const satisfies Step;
