import { askOfPixels } from '../canvas.ts';
import type { Step } from './step.ts';

/** Turns each colour into its opposite. sharp would turn transparency as well. */
export const negate = {
  parameters: ['negate'],
  apply(canvas, { parameters: { negate } }) {
    if (!negate) return canvas;
    return askOfPixels(canvas, 'negate', (image) => image.negate({ alpha: false }));
  },
} as const satisfies Step;
