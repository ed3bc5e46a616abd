import { applyToPixels } from '../canvas.ts';
import type { Step } from './step.ts';

/** Inverts colours, not alpha. */
export const negate = {
  parameters: ['negate'],
  run(canvas, { parameters: { negate } }) {
    if (!negate) return canvas;
    return applyToPixels(canvas, 'negate', (image) => image.negate({ alpha: false }));
  },
} as const satisfies Step;
