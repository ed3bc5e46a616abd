import { applyToColour } from '../apply-to-colour.ts';
import type { Step } from './step.ts';

export const grayscale = {
  parameters: ['grayscale'],
  run(canvas, { parameters: { grayscale } }) {
    if (!grayscale) return canvas;
    // sharp drops alpha with raw grey pixels.
    return applyToColour(canvas, 'gray', (image) => image.grayscale());
  },
} as const satisfies Step;
