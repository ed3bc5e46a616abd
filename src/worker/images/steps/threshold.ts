import { applyToColour } from '../apply-to-colour.ts';
import type { Step } from './step.ts';

export const threshold = {
  parameters: ['threshold'],
  async run(canvas, { parameters: { threshold } }) {
    if (threshold === undefined) return canvas;
    // sharp would threshold alpha too.
    return applyToColour(canvas, 'threshold', (image) => image.threshold(threshold));
  },
} as const satisfies Step;
